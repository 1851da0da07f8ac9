import { buildSalesforceAuth, processEnvironment } from './auth/salesforce-auth.ts'
import type { SalesforceAuth } from './auth/salesforce-auth.ts'
import { buildTenancy } from './auth/tenancy.ts'
import type { Tenancy, TenancyOptions, TenantOptions } from './auth/tenancy.ts'
import type { Environment, SalesforceAuthOptions } from './options.ts'

/**
 * Creates one app's connection to Salesforce, on any runtime with Web APIs. What is not given is taken from the
 * environment. On Node import it from `@orgpass/core/node`, which opens sessions ten times faster.
 *
 * @throws {ConfigError} `config/invalid`, with everything that is wrong in `faults`.
 */
export function createSalesforceAuth(
  options: SalesforceAuthOptions = {},
  environment: Environment = processEnvironment(),
): SalesforceAuth {
  return buildSalesforceAuth(options, environment)
}

/**
 * Serves several tenants by one process, each with a Salesforce app and login host of its own. `optionsOf` is asked once
 * for each tenant, such as the name of a host or workspace; what it leaves out comes from the environment. On Node
 * import it from `@orgpass/core/node`.
 *
 * @throws {ConfigError} `config/invalid`
 */
export function createTenancy(optionsOf: TenantOptions, options: TenancyOptions = {}): Tenancy {
  const { environment = processEnvironment() } = options
  return buildTenancy(optionsOf, options, (given, tenant) => buildSalesforceAuth(given, environment, { tenant }))
}

export type { BearerClaims } from './auth/bearer/claims.ts'
export type { Caller, CallerKind } from './auth/caller.ts'
export {
  allOf,
  anyOf,
  requiresAuth,
  requiresBearer,
  requiresCustomPermission,
  requiresHandshakeOrigin,
  requiresOrg,
  requiresPermissionSet,
  requiresProfile,
  requiresSameOrigin,
  requiresScope,
  requiresUserType,
} from './auth/guards.ts'
export type { Guard } from './auth/guards.ts'
export type { LoginOptions } from './auth/login.ts'
export type { OwnerBinding } from './auth/owner.ts'
export type { ConnectOrgOptions } from './auth/connect.ts'
export type { RequestConnections } from './auth/request-connections.ts'
export type { LogoutOptions } from './auth/request-auth.ts'
export type { Requirement } from './auth/requirement.ts'
export { RequestAuth } from './auth/request-auth.ts'
export { SalesforceAuth } from './auth/salesforce-auth.ts'
export type { OpenedRequest, RequestOptions } from './auth/salesforce-auth.ts'
export type { Tenancy, TenancyOptions, TenantOptions } from './auth/tenancy.ts'
export { chooseFlow } from './chooser.ts'
export type { FlowChoice } from './chooser.ts'
export type { FlowName, FlowStatus } from './chooser/flows.ts'
export type { Situation } from './chooser/situation.ts'
export type { Connection } from './connection/connection.ts'
export type { ConnectionInfo, DeadGrant } from './connection/connection-record.ts'
export type { Connections, KeepAliveOptions, KeepAliveReport, ResealReport } from './connection/connections.ts'
export type { StoredConnection } from './connection/stored-connection.ts'
export type { HeldTokens } from './connection/held-tokens.ts'
export type { KeyPair } from './crypto/key-pair.ts'
export { createServiceConnection } from './connection/service-connection.ts'
export type { ServiceConnectionOptions } from './connection/service-connection.ts'
export { clientCredentialsGrant, jwtBearerGrant } from './connection/service-grant.ts'
export type { ServiceGrant } from './connection/service-grant.ts'
export type { PrivateKey } from './crypto/private-key.ts'
export type { OAuthErrorCode, SalesforceAuthErrorCode } from './errors/codes.ts'
export { ConnectionError } from './errors/connection-error.ts'
export {
  CallbackError,
  ConfigError,
  DeviceError,
  GuardError,
  isSalesforceAuthError,
  OAuthError,
  RequestError,
  RestError,
  SalesforceAuthError,
  SessionError,
  TokenError,
  TransportError,
} from './errors/errors.ts'
export type { ConfigFault } from './errors/errors.ts'
export type { LogEvent, Logger } from './errors/log.ts'
export type { JwtBearerGrant } from './flows/jwt-bearer.ts'
export type { Exchange, Reply } from './http/exchange.ts'
export type { Fetch, HttpClient, HttpClientOptions } from './net/http-client.ts'
export { openKeySource } from './net/jwks.ts'
export type { KeySource } from './net/jwks.ts'
export { verifyAccessToken } from './oauth/access-token.ts'
export type { AccessTokenClaims, AccessTokenExpectation } from './oauth/access-token.ts'
export { actorToken } from './oauth/actor-token.ts'
export type { ActorTokenClaims, ActorTokenOptions } from './oauth/actor-token.ts'
export type { Client } from './oauth/client.ts'
export {
  clientSecretBasic,
  clientSecretPost,
  noClientAuthentication,
  privateKeyJwt,
  publicClient,
} from './oauth/client-authentication.ts'
export type { ClientAuthentication, ClientRequest } from './oauth/client-authentication.ts'
export type { DeviceCode } from './oauth/device-code.ts'
export type { DomainSession, HybridSession } from './oauth/hybrid-session.ts'
export { createDpopKey } from './oauth/dpop.ts'
export type { Dpop, DpopOptions, ProofTarget } from './oauth/dpop.ts'
export { openTokenEndpoint } from './oauth/open-token-endpoint.ts'
export type { TokenEndpointOptions } from './oauth/open-token-endpoint.ts'
export type { TokenEndpoint, TokenRequestOptions } from './oauth/token-endpoint.ts'
export type { ExpirySource, TokenSet } from './oauth/token-set.ts'
export { verifyAssetToken } from './oauth/verify-asset-token.ts'
export type { AssetTokenClaims, AssetTokenExpectation } from './oauth/verify-asset-token.ts'
export { isMyDomain, parseLoginUrl } from './org/hosts.ts'
export type { HostFault, HostPolicy, LoginHost, LoginHostKind } from './org/hosts.ts'
export { toId18 } from './org/ids.ts'
export type { Identity } from './org/ids.ts'
export type {
  BearerOptions,
  ConnectEvent,
  ConnectOptions,
  Environment,
  GuardOptions,
  LoginEvent,
  NeedsReconnectEvent,
  RefreshErrorEvent,
  RefreshEvent,
  RouteOptions,
  SalesforceAuthOptions,
  SessionEvent,
  SessionOptions,
} from './options.ts'
export type { AuthorizedFetch } from './resources/ask-json.ts'
export { introspectToken } from './resources/introspect.ts'
export type { Introspection } from './resources/introspect.ts'
export { logoutUrl } from './resources/logout.ts'
export type { UserProfile } from './resources/profile.ts'
export { registerClient } from './resources/register-client.ts'
export type { ClientRegistration, RegisteredClient } from './resources/register-client.ts'
export { readRestError } from './resources/rest-error.ts'
export { revokeToken } from './oauth/revoke.ts'
export { singleAccess } from './resources/single-access.ts'
export type { SingleAccessOptions } from './resources/single-access.ts'
export { oauthUsage } from './resources/usage.ts'
export type { AppUser, OAuthUsage, UsageOptions, UsedApp, UsedToken } from './resources/usage.ts'
export type { Json, Session, SessionData } from './session/session.ts'
export type { KeyValueStore, Lease, SetOptions } from './store/key-value.ts'
export { memoryStore } from './store/memory.ts'
export type { MemoryStoreOptions } from './store/memory.ts'
