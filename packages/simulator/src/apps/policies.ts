import type { Org, User } from '../state.ts'
import type { TokenExchangeHandler } from '../tokens/token-exchange-handler.ts'
import type { AppCertificate } from './certificate.ts'

export const flowNames = [
  'webServer',
  'refreshToken',
  'userAgent',
  'hybrid',
  'jwtBearer',
  'clientCredentials',
  'usernamePassword',
  'device',
  'samlBearer',
  'tokenExchange',
  'assetToken',
  'codeCredentials',
  'guest',
] as const

export type FlowName = (typeof flowNames)[number]

/** How long a refresh token lives. `afterMs` is in milliseconds. */
export type RefreshTokenPolicy =
  | { kind: 'untilRevoked' }
  | { kind: 'immediately' }
  | { kind: 'idle'; afterMs: number }
  | { kind: 'lifetime'; afterMs: number }

/** What an administrator can set on an app. Durations are milliseconds. */
export interface AppPolicies {
  /** External Client Apps are all that can be created today; they know no username-password flow. Default external. */
  kind: 'externalClientApp' | 'connectedApp'
  clientSecret: string
  /** What assertions are checked with; without one they are refused. */
  certificate: AppCertificate | null
  /** Where logins may end: required unless `webServer`, `userAgent`, `codeCredentials` and `guest` are off. */
  callbackUrls: readonly string[]
  /** Accepts, beside `callbackUrls`, every http or https callback on this machine, whatever its port and path. */
  dangerouslyAllowAnyLoopbackCallback: boolean
  scopes: readonly string[]
  /** "Require Proof Key for Code Exchange". Default true. */
  pkceRequired: boolean
  /** "Require Secret for Web Server Flow". Default true. */
  secretRequired: boolean
  /** "Require Secret for Refresh Token Flow". Default true. */
  secretRequiredForRefresh: boolean
  /** "Enable Refresh Token Rotation". Default false. */
  refreshTokenRotation: boolean
  /** Default `{ kind: 'untilRevoked' }`. */
  refreshTokenPolicy: RefreshTokenPolicy
  /** Life of an unused access token; null (default) takes the org's. */
  sessionTimeout: number | null
  /**
   * Issues JWT access tokens instead of opaque ones. Default false. Their `aud` is the My Domain; Salesforce documents
   * no setting for another.
   */
  jwtAccessTokens: boolean
  /** Default 30 minutes. */
  jwtAccessTokenLifetime: number
  /** Default 2 minutes. */
  idTokenLifetime: number
  /** Joined with commas to the client id in `aud`, as Salesforce does. */
  idTokenAudiences: readonly string[]
  /** "Include Standard Claims". Default false. */
  idTokenStandardClaims: boolean
  /** Shown as `custom_attributes` in the ID token, userinfo and the identity answer. */
  customAttributes: Readonly<Record<string, string>>
  /** 'all' users may authorize themselves (default); 'adminApproved' only those with one of `profiles` or `permissionSets`. */
  permittedUsers: 'all' | 'adminApproved'
  profiles: readonly string[]
  permissionSets: readonly string[]
  /** Addresses that may log in and refresh: `10.0.0.1`, `10.0.0.0/8` or `10.0.0.1-10.0.0.9`. Empty (default) allows all. */
  ipRanges: readonly string[]
  /** 'local' works in its own org and on that org's My Domain only. Default 'packaged'. */
  distribution: 'local' | 'packaged'
  /**
   * Each on by default but those that Salesforce has an administrator switch on: `clientCredentials`, `device`,
   * `tokenExchange`, `assetToken`, `codeCredentials` and `guest`.
   */
  flows: Readonly<Record<FlowName, boolean>>
  /** Username as whom client credentials act in the app's own org; null (default) refuses them. */
  runAs: string | null
  /** Milliseconds between two polls of a device, whole seconds. Default 5 seconds. */
  devicePollInterval: number
  /** The handlers linked to the app; the first enabled one serves requests that name none. Default none. */
  tokenExchangeHandlers: readonly TokenExchangeHandler[]
  /** "Require Secret for Token Exchange Flow". Default true. */
  secretRequiredForTokenExchange: boolean
  /** `aud` of asset tokens; empty (default) takes the client id. */
  assetTokenAudiences: readonly string[]
  /** Whole seconds. Default 1 minute. */
  assetTokenLifetime: number
  /** Refuses credentials of headless logins in the Authorization header. Default false. */
  codeCredentialsInBodyOnly: boolean
  /** Whether tokens may be bound to a key of the client (default), or must: then unbound ones are refused everywhere. */
  dpop: 'allowed' | 'required'
  /** Demands a fresh nonce of the server in every proof. Default false. */
  dpopNonce: boolean
  /** Lets its bearer register apps below this one; null (default) lets nobody. */
  initialAccessToken: string | null
  /** Loaded in the browser of a person who logs out; null (default) for none. */
  singleLogoutUrl: string | null
  /** The External Client App and its OAuth plug-in. Default true. */
  enabled: boolean
  /** Blocked by an administrator. Default false. */
  blocked: boolean
  /** Installed in the orgs it is used in. Default true. */
  installed: boolean
  /** May introspect the tokens of all apps in its own org. Default false. */
  introspectAllTokens: boolean
}

const minute = 60_000

export const defaultPolicies: Omit<AppPolicies, 'clientSecret'> = {
  kind: 'externalClientApp',
  certificate: null,
  callbackUrls: [],
  dangerouslyAllowAnyLoopbackCallback: false,
  scopes: ['openid', 'id', 'api', 'refresh_token'],
  pkceRequired: true,
  secretRequired: true,
  secretRequiredForRefresh: true,
  refreshTokenRotation: false,
  refreshTokenPolicy: { kind: 'untilRevoked' },
  sessionTimeout: null,
  jwtAccessTokens: false,
  jwtAccessTokenLifetime: 30 * minute,
  idTokenLifetime: 2 * minute,
  idTokenAudiences: [],
  idTokenStandardClaims: false,
  customAttributes: {},
  permittedUsers: 'all',
  profiles: [],
  permissionSets: [],
  ipRanges: [],
  distribution: 'packaged',
  flows: {
    webServer: true,
    refreshToken: true,
    userAgent: true,
    hybrid: true,
    jwtBearer: true,
    clientCredentials: false,
    usernamePassword: true,
    device: false,
    samlBearer: true,
    tokenExchange: false,
    assetToken: false,
    codeCredentials: false,
    guest: false,
  },
  runAs: null,
  devicePollInterval: 5000,
  tokenExchangeHandlers: [],
  secretRequiredForTokenExchange: true,
  assetTokenAudiences: [],
  assetTokenLifetime: minute,
  codeCredentialsInBodyOnly: false,
  dpop: 'allowed',
  dpopNonce: false,
  initialAccessToken: null,
  singleLogoutUrl: null,
  enabled: true,
  blocked: false,
  installed: true,
  introspectAllTokens: false,
}

export function isPreApproved(app: AppPolicies, user: User): boolean {
  return app.profiles.includes(user.profile) || user.permissionSets.some((set) => app.permissionSets.includes(set))
}

/** With 'adminApproved', people without the profile or permission set stay outside. */
export function mayUse(app: AppPolicies, user: User): boolean {
  return app.permittedUsers === 'all' || isPreApproved(app, user)
}

/** "local" means: only in the org that owns the app, only on that org's own hosts. */
export function isKnownIn(app: AppPolicies & { orgId: string }, org: Org | undefined): boolean {
  return app.distribution === 'packaged' || app.orgId === org?.id
}

export type Callbacks = Pick<AppPolicies, 'callbackUrls' | 'dangerouslyAllowAnyLoopbackCallback' | 'flows'>

/** An app that could send people to a callback and knows none. */
export function lacksCallback(app: Callbacks): boolean {
  const { webServer, userAgent, codeCredentials, guest } = app.flows
  const needsOne = webServer || userAgent || codeCredentials || guest
  return needsOne && app.callbackUrls.length === 0 && !app.dangerouslyAllowAnyLoopbackCallback
}

export function isCallbackAllowed(app: AppPolicies, callback: string): boolean {
  if (app.callbackUrls.includes(callback)) return true
  if (!app.dangerouslyAllowAnyLoopbackCallback || !URL.canParse(callback)) return false
  const url = new URL(callback)
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) || url.hostname.endsWith('.localhost')
  return isLoopback && /^https?:$/.test(url.protocol)
}
