export { buildSamlBearerAssertion } from './saml-bearer-assertion.ts'
export type { SamlBearerAssertionOptions } from './saml-bearer-assertion.ts'
