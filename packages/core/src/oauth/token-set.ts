import { TokenError } from '../errors/errors.ts'
import { acceptCommunityUrl, acceptInstanceUrl } from '../org/hosts.ts'
import type { LoginHost } from '../org/hosts.ts'
import { parseIdentityUrl } from '../org/ids.ts'
import type { Identity } from '../org/ids.ts'
import { decodeHybridSession } from './hybrid-session.ts'
import type { HybridSession } from './hybrid-session.ts'

/** Where a token's end is known from. Salesforce rarely says; `unknown` means: use it until it is refused. */
export type ExpirySource = 'answer' | 'jwt' | 'introspection' | 'session-timeout' | 'unknown'

/** What Salesforce answered to a grant. Times are epoch milliseconds; what the wire leaves out is absent. */
export interface TokenSet {
  readonly accessToken: string
  readonly tokenType: 'Bearer' | 'DPoP'
  /** The origin that API calls of this token go to. It can change with a refresh. */
  readonly instanceUrl: string
  readonly refreshToken?: string
  readonly idToken?: string
  /** Org and user of the token, from the identity URL. */
  readonly identity?: Identity
  /** The identity URL exactly as answered: text for the signature, never an address to call. */
  readonly identityUrl?: string
  /** In Salesforce's order, which is not the order asked for: compare as a set. */
  readonly scope?: readonly string[]
  readonly issuedAt?: number
  readonly expiresAt?: number
  readonly expirySource: ExpirySource
  /** The one further origin the token may go to, when Salesforce announces it. */
  readonly apiInstanceUrl?: string
  /** The login base of the Experience Cloud site that the user belongs to, when it may be followed. */
  readonly community?: LoginHost
  readonly tokenFormat?: 'jwt'
  /** Sessions for the org's web pages: of hybrid grants only. */
  readonly hybrid?: HybridSession
  /** HMAC over identity URL and issue time, and the issue time exactly as answered. */
  readonly signature?: { readonly value: string; readonly issuedAt: string }
}

export interface DecodeContext {
  readonly login: LoginHost
  readonly trustedHosts: readonly string[]
  /** Epoch milliseconds. */
  readonly now: number
  /** Fills `instanceUrl` when a refresh does not repeat it. */
  readonly previous?: Pick<TokenSet, 'instanceUrl'> | undefined
}

const API_INSTANCE = /^(https:\/\/(?:[a-z0-9-]+\.)*api\.salesforce\.com)\/?$/
/** No token lives that long: a later end is nonsense, or was not in seconds. Milliseconds. */
const LONGEST_LIFE = 10 * 366 * 86_400_000

/**
 * Decodes the answer of the token endpoint.
 * @throws {TokenError} `token/malformed-answer`, or `token/foreign-instance` when the token would be sent to a stranger.
 */
export function decodeTokenSet(answer: Readonly<Record<string, unknown>>, context: DecodeContext): TokenSet {
  const { login, trustedHosts, now, previous } = context
  const accessToken = text(answer, 'access_token')
  if (accessToken === undefined) throw malformed('access_token is missing')
  if (!/^[\x21-\x7e]+$/.test(accessToken)) throw malformed('access_token has characters that no header can carry')
  const instanceUrl = acceptInstance(text(answer, 'instance_url') ?? previous?.instanceUrl, context)
  const refreshToken = text(answer, 'refresh_token')
  const idToken = text(answer, 'id_token')
  const identityUrl = text(answer, 'id')
  const identity = identityUrl === undefined ? undefined : parseIdentityUrl(identityUrl)
  if (identityUrl !== undefined && identity === undefined) throw malformed('id is not an identity URL')
  const scope = text(answer, 'scope')?.split(' ').filter(Boolean)
  const issued = issuedAtOf(answer['issued_at'])
  const signature = text(answer, 'signature')
  const hybrid = decodeHybridSession(answer, login)
  if (signature !== undefined && (issued === undefined || identityUrl === undefined)) {
    throw malformed('signature has no id or no issued_at to go with')
  }
  const announced = API_INSTANCE.exec(text(answer, 'api_instance_url') ?? '')?.[1]
  // A login on this machine stays on this machine.
  const apiInstanceUrl = login.kind === 'local' ? undefined : announced
  const communityUrl = text(answer, 'sfdc_community_url') ?? text(answer, 'sfdc_site_url')
  const community = communityUrl === undefined ? undefined : acceptCommunityUrl(communityUrl, login, trustedHosts)
  return {
    accessToken,
    tokenType: tokenTypeOf(answer),
    instanceUrl,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(idToken !== undefined && { idToken }),
    ...(identity !== undefined && { identity }),
    ...(identityUrl !== undefined && { identityUrl }),
    ...(scope !== undefined && { scope }),
    ...(issued !== undefined && { issuedAt: Number(issued) }),
    ...(signature !== undefined && issued !== undefined && { signature: { value: signature, issuedAt: issued } }),
    ...expiryOf(answer['expires_in'], accessToken, now),
    ...(apiInstanceUrl !== undefined && { apiInstanceUrl }),
    ...(community !== undefined && { community }),
    ...(text(answer, 'token_format') === 'jwt' && { tokenFormat: 'jwt' as const }),
    ...(hybrid !== undefined && { hybrid }),
  }
}

function malformed(what: string): TokenError {
  return new TokenError('token/malformed-answer', `The token endpoint's answer cannot be used: ${what}.`, {
    hint: 'Check that the login URL is a Salesforce host and that no proxy rewrites its answers.',
  })
}

function text(answer: Readonly<Record<string, unknown>>, member: string): string | undefined {
  const value = answer[member]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw malformed(`${member} is not a text`)
  return value
}

function acceptInstance(value: string | undefined, { login, trustedHosts }: DecodeContext): string {
  if (value === undefined) throw malformed('instance_url is missing')
  const origin = acceptInstanceUrl(value, login, trustedHosts)
  if (origin !== undefined) return origin
  throw new TokenError(
    'token/foreign-instance',
    `The token answer names an instance_url that ${login.origin} may not lead to.`,
    {
      hint: 'Tokens go to Salesforce hosts only. If your org answers on a custom domain, add that host to trustedHosts.',
    },
  )
}

function tokenTypeOf(answer: Readonly<Record<string, unknown>>): 'Bearer' | 'DPoP' {
  const type = text(answer, 'token_type')?.toLowerCase() ?? 'bearer'
  if (type === 'bearer') return 'Bearer'
  if (type === 'dpop') return 'DPoP'
  throw malformed('token_type is neither Bearer nor DPoP')
}

function issuedAtOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  const digits = typeof value === 'number' ? String(value) : value
  if (typeof digits !== 'string' || !/^\d{10,16}$/.test(digits)) throw malformed('issued_at is not a time')
  return digits
}

function expiryOf(expiresIn: unknown, accessToken: string, now: number): Pick<TokenSet, 'expiresAt' | 'expirySource'> {
  const seconds = typeof expiresIn === 'string' ? Number(expiresIn) : expiresIn
  const answered = typeof seconds === 'number' ? now + seconds * 1000 : Number.NaN
  if (isPlausible(answered, now)) return { expiresAt: answered, expirySource: 'answer' }
  const exp = (jwtExpiry(accessToken) ?? Number.NaN) * 1000
  return isPlausible(exp, now) ? { expiresAt: exp, expirySource: 'jwt' } : { expirySource: 'unknown' }
}

// A token that is over on arrival tells of clocks that differ: taken at its word it would be renewed at every call.
function isPlausible(expiresAt: number, now: number): boolean {
  return expiresAt > now && expiresAt - now < LONGEST_LIFE
}

/** `exp` of a JWT access token, unverified: good for deciding when to renew one's own token, and for nothing else. */
function jwtExpiry(accessToken: string): number | undefined {
  const [, payload, signature, ...rest] = accessToken.split('.')
  if (payload === undefined || signature === undefined || rest.length > 0) return undefined
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    const exp = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined
    return typeof exp === 'number' ? exp : undefined
  } catch {
    return undefined
  }
}
