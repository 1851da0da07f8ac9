import type { Approval } from './authorization/approvals.ts'
import type { SignInOptions } from './browser/sign-in.ts'
import type { Clock } from './control/clock.ts'
import type { Faults } from './control/faults.ts'
import type { RequestLine } from './control/request-log.ts'
import type { AppChanges, Seed } from './seed/seed.ts'
import type { App, OrgFields, UserFields } from './state.ts'
import type { TokenState } from './tokens/tokens.ts'

export interface SimulatorOptions {
  /** 0 (default) takes free ports. With N: generic login N, the orgs' own hosts N+1, N+2, …, then the sandbox login. */
  port?: number
  /** Address to listen on. Default '127.0.0.1'. */
  host?: string
  seed?: Seed
  /** Epoch milliseconds; default Date.now. `clock` adds to it. */
  now?: () => number
  /** PEM; makes every origin https. */
  tls?: { cert: string; key: string }
  /** Called for every request; no line ever holds a secret. */
  log?: (line: RequestLine) => void
}

export interface SimulatedOrg {
  /** 18 characters. */
  readonly id: string
  readonly name: string
  readonly kind: 'production' | 'sandbox'
  /** My Domain origin. */
  readonly url: string
  /** Where REST calls go; the same origin until `moveInstance`. */
  readonly instanceUrl: string
  readonly sites: readonly { readonly name: string; readonly url: string }[]
}

/** An app with its credentials and its policies as they are now. */
export type SimulatedApp = Readonly<App>

export interface Simulator {
  /** What https://login.salesforce.com is. */
  readonly loginUrl: string
  /** What https://test.salesforce.com is. */
  readonly sandboxLoginUrl: string
  readonly orgs: readonly SimulatedOrg[]
  readonly clock: Clock
  readonly faults: Faults
  /** The last 10,000 requests, oldest first. */
  readonly requests: readonly RequestLine[]
  /** By name or id; default the first. @throws {RangeError} for an unknown one. */
  org(nameOrId?: string): SimulatedOrg
  /** By label or client id; default the first. @throws {RangeError} for an unknown one. */
  app(labelOrClientId?: string): SimulatedApp
  /**
   * Changing `clientSecret` revokes the app's tokens, as Salesforce does.
   * @throws {SeedError} for a policy that does not exist or cannot have that value
   */
  updateApp(clientId: string, changes: AppChanges): void
  /**
   * What live tokens read changes at once: profile, permission sets, groups, custom permissions.
   * @throws {SeedError} for a field that does not exist or cannot have that value
   */
  updateUser(username: string, changes: Partial<UserFields>): void
  /** What Setup changes for a whole org: switches of flows, limits. @throws {SeedError} for a value it cannot have */
  updateOrg(nameOrId: string, changes: Partial<OrgFields>): void
  /** Gives the org a new `instance_url` and returns it; the old one answers REST calls with INVALID_SESSION_ID. */
  moveInstance(orgNameOrId?: string): Promise<string>
  /** Sessions die now, of one user or of all; refresh tokens live. */
  expireAccessTokens(username?: string): void
  /** The one-time code that was last "sent" to a user of headless pages. */
  lastOtp(username: string): string | undefined
  /** Of any access or refresh token issued; of those that are dead, the last 2,000 at least are known. */
  tokenState(token: string): TokenState
  /** Live authorizations of a user, oldest first. */
  approvals(username: string, clientId?: string): Approval[]
  /**
   * Logs in and approves (or denies) as a person in a fresh browser; returns the callback URL without calling it.
   * @throws {Error} with the page's text when the simulator shows an error page
   */
  signIn(authorizeUrl: string | URL, options?: SignInOptions): Promise<URL>
  /**
   * Types the code a device shows, logs in and approves (or denies), as a person in a fresh browser.
   * @throws {RangeError} when no device waits for that code
   * @throws {Error} with the page's text when the simulator does not let that person
   */
  approveDevice(userCode: string, options?: SignInOptions): Promise<void>
  /** Routes by the request URL's origin. Rejects when a fault drops the connection. */
  fetch(request: Request): Promise<Response>
  /** Back to the seed: records, tokens, approvals, clock, faults and log. */
  reset(): void
  /** Closes all sockets, kept-alive ones included. */
  close(): Promise<void>
}
