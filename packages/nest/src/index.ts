export { RequestAuth, SalesforceAuth } from '@orgpass/core'
export { OptionalAuth, Public, Requires, RequiresAuth, RequiresBearer } from './access.ts'
export type { AccessDecorator } from './access.ts'
export { SalesforceErrorFilter } from './error-filter.ts'
export { SalesforceGuard } from './guard.ts'
export { rememberHandshake } from './handshake.ts'
export { InjectSalesforce, salesforceToken } from './instance.ts'
export type { InstanceOptions } from './instance.ts'
export { SalesforceAuthModule } from './module.ts'
export type { SalesforceModuleOptions, SalesforceOptionsFactory } from './module.ts'
export {
  RequiresCustomPermission,
  RequiresOrg,
  RequiresPermissionSet,
  RequiresProfile,
  RequiresSameOrigin,
  RequiresScope,
  RequiresUserType,
} from './requirements.ts'
export { Salesforce } from './salesforce.ts'
export type { ParameterOf } from './salesforce.ts'
