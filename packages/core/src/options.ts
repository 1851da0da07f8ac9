import type { ConnectionInfo } from './connection/connection-record.ts'
import type { HeldTokens } from './connection/held-tokens.ts'
import type { PrivateKey } from './crypto/private-key.ts'
import type { SalesforceAuthError } from './errors/errors.ts'
import type { Logger } from './errors/log.ts'
import type { Fetch } from './net/http-client.ts'
import type { ClientAuthentication } from './oauth/client-authentication.ts'
import type { DpopOptions } from './oauth/dpop.ts'
import type { Session, SessionData } from './session/session.ts'
import type { KeyValueStore } from './store/key-value.ts'

/** What `onLogin` is told about a login that is about to become a session. */
export interface LoginEvent {
  readonly session: Session
  /** The tokens themselves: for keeping elsewhere, with the care of a password. */
  readonly tokens: HeldTokens
  /** Claims of the verified ID token; absent when `openid` was not granted. */
  readonly idTokenClaims?: Readonly<Record<string, unknown>>
}

/** Which session something happened to. */
export interface SessionEvent {
  readonly sessionId: string
  readonly orgId: string
  readonly userId: string
}

export interface RefreshEvent extends SessionEvent {
  /** Whether Salesforce replaced the refresh token. */
  readonly rotated: boolean
  readonly instanceUrl: string
}

export interface RefreshErrorEvent extends SessionEvent {
  readonly error: SalesforceAuthError
}

export interface SessionOptions {
  /** At least 32 random characters; of a list the first one seals and all open. @default SESSION_SECRET, which may be a comma list */
  secret?: string | readonly string[]
  /** How long a session lives without any request. Milliseconds. @default 86_400_000 (one day) */
  idleTimeout?: number
  /** How long a session lives in all. Milliseconds. @default 604_800_000 (one week) */
  absoluteTimeout?: number
  /** Whether requests prolong a session, up to the absolute timeout. @default true */
  rolling?: boolean
  /** Keeps sessions on the server instead of in the cookie. Needed as soon as there are several processes and refresh tokens rotate. */
  store?: KeyValueStore
}

/** Orgs that the app's own users connect, to be used also when nobody is there: see `req.salesforce.connections`. */
export interface ConnectOptions {
  /** Where connections are kept: a store that all processes share. @default session.store */
  store?: KeyValueStore
  /**
   * The Consumer Key of an app of its own for connections. Salesforce keeps five approvals for a user and app, so people
   * who log in often push out their stored connections when both use one app. @default clientId, with all its client options
   */
  clientId?: string
  /** The Consumer Secret of `connect.clientId`; a list while it is being rotated, newest first. */
  clientSecret?: string | readonly string[]
  /** Signs client assertions in place of a secret. */
  privateKey?: PrivateKey
  /** How this client proves itself. @default `privateKeyJwt` with a private key, else `clientSecretPost` */
  clientAuthentication?: ClientAuthentication
  /** Where a connection is made when the request names no login host. @default loginUrl */
  loginUrl?: string
  /** Which orgs may be connected: 18-character ids, or `'any'`. @default 'any' */
  allowedOrgs?: 'any' | readonly string[]
  /** @default scope */
  scope?: string | readonly string[]
}

/** What `onConnect` is told about a connection that is about to be stored. */
export interface ConnectEvent {
  readonly connection: ConnectionInfo
  /** Whether it takes the place of the grant that the connection had before. */
  readonly reconnected: boolean
  /** Claims of the verified ID token; absent when `openid` was not granted. */
  readonly idTokenClaims?: Readonly<Record<string, unknown>>
}

export interface NeedsReconnectEvent {
  readonly connection: ConnectionInfo
  /** Why: `token/grant-ended`, `token/refresh-answer-lost` or `token/refresh-missing`. */
  readonly error: SalesforceAuthError
}

export interface RouteOptions {
  /** @default '/auth/login' */
  login?: string | false
  /** Must be registered with the app in Salesforce, after `baseUrl`. @default '/auth/callback' */
  callback?: string | false
  /** @default '/auth/logout' */
  logout?: string | false
  /** Served once `connect` is configured. @default '/auth/connect' */
  connect?: string | false
  /** Served once `connect` is configured. @default '/auth/disconnect' */
  disconnect?: string | false
  /**
   * Says whose bearer tokens the app takes; served once `bearer` is configured. Under a base path the default stands
   * before it, as the RFC wants it: `/.well-known/oauth-protected-resource/base/path`.
   * @default '/.well-known/oauth-protected-resource'
   */
  resourceMetadata?: string | false
}

/** Whose access tokens `requiresBearer` lets pass. */
export interface BearerOptions {
  /** My Domains or sites whose tokens may come in: `https://acme.my.salesforce.com`. Nothing else is ever asked. */
  issuers: readonly string[]
  /** Consumer Keys of the apps whose tokens may come in. Every app of an org gets tokens for its users: list few. */
  clientIds: readonly string[]
  /** @default the issuer, which is what Salesforce puts there */
  audience?: string
  /** Scopes worth asking for, for the metadata document only: guards are what requires them. @default not told */
  scopes?: readonly string[]
  /**
   * Takes opaque tokens, too, by asking introspection at `loginUrl`, which has to be one of the issuers. Salesforce tells
   * this app about its own tokens, and about other apps' only with "Introspect All Tokens". @default JWTs only
   */
  opaque?: {
    /**
     * How long a token is let pass without asking again: a token revoked meanwhile passes until then. Milliseconds.
     * @default 60_000
     */
    ttl?: number
  }
}

export interface GuardOptions {
  /**
   * How long guards believe what Salesforce said of a user or org: a permission that was taken away counts until then.
   * Milliseconds. @default 60_000
   */
  factTtl?: number
}

/** Everything about one app. What is left out comes from the environment where it says so. */
export interface SalesforceAuthOptions {
  /** The Consumer Key. @default SALESFORCE_CLIENT_ID */
  clientId?: string
  /** The Consumer Secret; a list while it is being rotated, newest first. @default SALESFORCE_CLIENT_SECRET */
  clientSecret?: string | readonly string[]
  /** Signs client assertions in place of a secret. @default SALESFORCE_PRIVATE_KEY */
  privateKey?: PrivateKey
  /** How the client proves itself. @default `privateKeyJwt` with a private key, else `clientSecretPost` */
  clientAuthentication?: ClientAuthentication
  /** The org's My Domain, a site, or a generic login host. @default SALESFORCE_LOGIN_URL */
  loginUrl?: string
  /** Where browsers reach this app. Callback addresses are built from it, never from request headers. @default APP_BASE_URL */
  baseUrl?: string
  /** Which orgs may log in: 18-character ids, or `'any'`. Needed with a generic login host. @default 'any' on a host that serves one org */
  allowedOrgs?: 'any' | readonly string[]
  /** Hosts outside Salesforce's domains that may serve logins and receive tokens: custom domains. @default none */
  trustedHosts?: readonly string[]
  /** @default 'openid id api refresh_token' */
  scope?: string | readonly string[]
  /** Names the request property and the cookies, so that several instances can live in one app. @default 'salesforce' */
  name?: string
  session?: SessionOptions
  /** Lets users of the app connect orgs; `{}` takes everything from the other options. @default connections are not offered */
  connect?: ConnectOptions
  /** Each route can be renamed or, with `false`, left to the app. */
  routes?: RouteOptions
  /** How to learn when a token ends, which Salesforce does not say. @default neither: tokens are renewed when refused */
  tokenExpiry?: {
    /** Asks the introspection endpoint once for each new token. @default false */
    introspect?: boolean
    /** The session timeout set in Salesforce. Milliseconds. */
    sessionTimeout?: number
  }
  /** Whose access tokens `requiresBearer` lets pass. @default nobody's */
  bearer?: BearerOptions
  guards?: GuardOptions
  /** Binds tokens to a key, so that a stolen token is useless: the same key in every process of the app. @default not bound */
  dpop?: DpopOptions
  /** For proxies, tracing and tests. @default globalThis.fetch */
  fetch?: Fetch
  /**
   * How long one request to Salesforce may take; a renewal three times as long, because its answer may hold the only
   * token that lives. Milliseconds. @default 10_000
   */
  timeout?: number
  /** Epoch milliseconds. @default Date.now */
  now?: () => number
  /** Receives redacted events. @default warnings and errors go to the console */
  logger?: Logger
  /** Awaited before the session is written. May answer data to keep with it, or throw to refuse the login. */
  onLogin?: (event: LoginEvent) => SessionData | void | Promise<SessionData | void>
  onRefresh?: (event: RefreshEvent) => void | Promise<void>
  onRefreshError?: (event: RefreshErrorEvent) => void | Promise<void>
  onLogout?: (event: SessionEvent) => void | Promise<void>
  /** Awaited before a connection is stored. May throw to refuse it. */
  onConnect?: (event: ConnectEvent) => void | Promise<void>
  onDisconnect?: (connection: ConnectionInfo) => void | Promise<void>
  /** Told once, by the process that found out, when only its owner can bring a connection back. */
  onNeedsReconnect?: (event: NeedsReconnectEvent) => void | Promise<void>
}

/** Names of environment variables to their values. */
export type Environment = Readonly<Record<string, string | undefined>>
