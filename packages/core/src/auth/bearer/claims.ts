/** What a Salesforce access token that `requiresBearer` let pass says. The token itself is not in it. */
export interface BearerClaims {
  /** Whether the token was verified here or by asking Salesforce. */
  readonly kind: 'jwt' | 'opaque'
  /** One of the issuers that the app lists. */
  readonly issuer: string
  readonly orgId: string
  /** Absent when the token stands for no person. */
  readonly userId?: string
  /** The app that the token was issued to: one of those that this app lists. */
  readonly clientId: string
  readonly scope: readonly string[]
  /** Epoch milliseconds; absent when Salesforce did not say. */
  readonly expiresAt?: number
}

/** A token that was accepted, and what it says. */
export interface AcceptedBearer {
  readonly token: string
  readonly claims: BearerClaims
}
