import type { Logger } from '../errors/log.ts'
import type { HttpClient } from '../net/http-client.ts'
import type { ClientAuthentication } from './client-authentication.ts'
import type { Dpop } from './dpop.ts'

/** One app registered with Salesforce, and how this process reaches it. */
export interface Client {
  readonly clientId: string
  readonly authenticate: ClientAuthentication
  readonly http: HttpClient
  readonly trustedHosts: readonly string[]
  /** Receives warnings, redacted. */
  readonly log: Logger
  /** Binds tokens to a key of this app, when it has one. */
  readonly dpop?: Dpop
  /** Epoch milliseconds. */
  now(): number
}
