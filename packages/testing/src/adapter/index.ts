export { LIMITS, PARTNER_ROUTES, RENAMED_ROUTES, SCENARIOS } from './contract.ts'
export type { AdapterHost, AdapterOptions, AdapterSetup, Scenario, StartAdapter } from './contract.ts'
export { describeAdapter } from './describe-adapter.ts'
