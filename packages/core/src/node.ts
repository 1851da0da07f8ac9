import { buildSalesforceAuth, processEnvironment } from './auth/salesforce-auth.ts'
import type { SalesforceAuth } from './auth/salesforce-auth.ts'
import { buildTenancy } from './auth/tenancy.ts'
import type { Tenancy, TenancyOptions, TenantOptions } from './auth/tenancy.ts'
import { openWithNodeCrypto } from './node/seal.ts'
import type { Environment, SalesforceAuthOptions } from './options.ts'

/**
 * Creates one app's connection to Salesforce, on Node: sessions are opened with `node:crypto`. What is not given is
 * taken from the environment.
 *
 * @throws {ConfigError} `config/invalid`, with everything that is wrong in `faults`.
 */
export function createSalesforceAuth(
  options: SalesforceAuthOptions = {},
  environment: Environment = processEnvironment(),
): SalesforceAuth {
  return buildSalesforceAuth(options, environment, { openSeal: openWithNodeCrypto })
}

/**
 * Serves several tenants by one process on Node: as `createTenancy` of `@orgpass/core`.
 * @throws {ConfigError} `config/invalid`
 */
export function createTenancy(optionsOf: TenantOptions, options: TenancyOptions = {}): Tenancy {
  const { environment = processEnvironment() } = options
  const openSeal = openWithNodeCrypto
  return buildTenancy(optionsOf, options, (given, tenant) =>
    buildSalesforceAuth(given, environment, { openSeal, tenant }),
  )
}

export { messageAuthorization } from './auth/message-authorization.ts'
export { recallHandshake, rememberHandshake, watchHandshakes } from './http/handshakes.ts'
export { handshakeExchange, nodeExchange, sendReply } from './http/node.ts'
export type { FrameworkRequest } from './http/node.ts'
export { nodeMiddleware } from './http/node-middleware.ts'
export { readInstance } from './http/instance-options.ts'
export type { InstanceOptions } from './http/instance-options.ts'
export { recallAuth, rememberAuth } from './http/opened-auth.ts'
export { keepPassed, openOnce, recallPassed } from './http/passed-auth.ts'
export type { FindAuth } from './http/passed-auth.ts'
export { replyData, replyHeaders } from './http/reply.ts'
export { NO_INSTANCE, readSource, requestSource } from './http/request-source.ts'
export type { RequestBinding, RequestSource, TenantSource } from './http/request-source.ts'
export { shapeGuard } from './http/shaped-guard.ts'
export type { ShapedGuard } from './http/shaped-guard.ts'
