import type { AppCertificate } from '../apps/certificate.ts'

export const subjectTokenKinds = ['access_token', 'refresh_token', 'id_token', 'saml2', 'jwt'] as const

export type SubjectTokenKind = (typeof subjectTokenKinds)[number]

/** What an Apex handler would do with tokens of another identity provider, told as data. */
export interface TokenExchangeHandler {
  /** Developer name, which `token_handler` gives. */
  name: string
  /** Default true. */
  enabled?: boolean
  /** Default all. */
  tokenTypes?: readonly SubjectTokenKind[]
  /** What JWTs (RS256) and SAML assertions are signed with. */
  certificate?: AppCertificate
  /** Public keys of the provider, for JWTs of any asymmetric algorithm. */
  jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] }
  /** Demanded of JWTs and assertions, if given. */
  issuer?: string
  audience?: string
  /** Opaque tokens the provider would vouch for, with what it would say of each. */
  opaqueTokens?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The claim that names the user; of an assertion, `sub` is its NameID. Default 'sub'. */
  userClaim?: string
  /** What that claim is compared with. Default 'username'. */
  userField?: 'username' | 'email' | 'id'
  /** Makes a user for a subject that has none, with `profile`. Default false. */
  canCreateUsers?: boolean
  /** Default 'Standard User'. */
  profile?: string
  /** Replaces "token handler validation failed". */
  errorMessage?: string
}
