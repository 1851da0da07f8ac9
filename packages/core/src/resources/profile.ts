import { TokenError } from '../errors/errors.ts'
import { unusableAnswer } from '../net/unusable-answer.ts'
import { toId18 } from '../org/ids.ts'
import type { Identity } from '../org/ids.ts'

/** Sends a request with a bearer token, renewing the token when it is refused. */
export type AuthorizedFetch = (url: string, init?: RequestInit) => Promise<Response>

/** Who a token belongs to, as Salesforce describes the user; `raw` is the whole answer. */
export interface UserProfile extends Identity {
  readonly username: string
  readonly displayName: string
  readonly email?: string
  readonly emailVerified?: boolean
  readonly firstName?: string
  readonly lastName?: string
  readonly userType?: string
  readonly language?: string
  readonly locale?: string
  readonly timezone?: string
  readonly pictureUrl?: string
  readonly active?: boolean
  readonly raw: Readonly<Record<string, unknown>>
}

/** How one of the two services spells the members of a profile. */
export interface ProfileNames {
  readonly username: string
  readonly displayName: string
  readonly firstName: string
  readonly lastName: string
  readonly timezone: string
}

const NO_PROFILE_HINT =
  'The scope id (or openid) is needed; 403 and 404 mean that this user may not use the identity service.'

/** Reads a profile from one of the services that describe the user of a token. */
export async function readProfile(response: Response, names: ProfileNames, expected?: Identity): Promise<UserProfile> {
  const host = response.url === '' ? 'Salesforce' : new URL(response.url).host
  const raw = response.ok ? await members(response) : undefined
  if (raw === undefined) {
    if (!response.bodyUsed) void response.body?.cancel().catch(() => undefined)
    throw unusableAnswer(host, response.status, NO_PROFILE_HINT)
  }
  const text = (name: string): string | undefined => (typeof raw[name] === 'string' ? raw[name] : undefined)
  const [orgId, userId] = [toId18(text('organization_id') ?? ''), toId18(text('user_id') ?? '')]
  if (
    orgId === undefined ||
    userId === undefined ||
    (expected && (expected.orgId !== orgId || expected.userId !== userId))
  ) {
    throw new TokenError('token/malformed-answer', `${host} described another user than the one of the token.`, {
      hint: 'Log in again.',
    })
  }
  const photos = raw['photos'] as { picture?: unknown } | undefined
  const optional = {
    email: text('email'),
    firstName: text(names.firstName),
    lastName: text(names.lastName),
    userType: text('user_type'),
    language: text('language'),
    locale: text('locale'),
    timezone: text(names.timezone),
    pictureUrl: typeof photos?.picture === 'string' ? photos.picture : undefined,
    emailVerified: typeof raw['email_verified'] === 'boolean' ? raw['email_verified'] : undefined,
    active: typeof raw['active'] === 'boolean' ? raw['active'] : undefined,
  }
  const username = text(names.username) ?? ''
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined))
  return { orgId, userId, username, displayName: text(names.displayName) ?? username, ...present, raw }
}

async function members(response: Response): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = await response.json()
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
