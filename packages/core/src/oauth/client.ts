import type { HttpClient } from '../net/http-client.ts'
import type { ClientAuthentication } from './client-authentication.ts'

/** One app registered with Salesforce, and how this process reaches it. */
export interface Client {
  readonly clientId: string
  readonly authenticate: ClientAuthentication
  readonly http: HttpClient
  readonly trustedHosts: readonly string[]
  /** Epoch milliseconds. */
  now(): number
}
