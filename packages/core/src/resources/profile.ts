import { TokenError } from '../errors/errors.ts'
import { unusableAnswer } from '../net/unusable-answer.ts'
import { toId18 } from '../org/ids.ts'
import type { Identity } from '../org/ids.ts'
import { askJson } from './ask-json.ts'
import type { AuthorizedFetch } from './ask-json.ts'

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

/** One of the two services that describe the user of a token. */
export interface ProfileService {
  readonly url: string
  readonly names: ProfileNames
}

export interface ProfileOptions {
  /** Whom the service has to describe. */
  expected?: Identity
  /** Milliseconds. @default 10_000 */
  timeout?: number
}

const NO_PROFILE_HINT =
  'The scope id (or openid) is needed; 403 and 404 mean that this user may not use the identity service.'

/** Reads a profile from one of the services. */
export async function readProfile(
  fetch: AuthorizedFetch,
  { url, names }: ProfileService,
  { expected, timeout }: ProfileOptions,
): Promise<UserProfile> {
  const { members: raw } = await askJson(fetch, url, { timeout, hint: NO_PROFILE_HINT })
  const { host } = new URL(url)
  if (raw === undefined) throw unusableAnswer(host, 200, NO_PROFILE_HINT)
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
    pictureUrl: pageUrl(photos?.picture),
    emailVerified: typeof raw['email_verified'] === 'boolean' ? raw['email_verified'] : undefined,
    active: typeof raw['active'] === 'boolean' ? raw['active'] : undefined,
  }
  const username = text(names.username) ?? ''
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined))
  return { orgId, userId, username, displayName: text(names.displayName) ?? username, ...present, raw }
}

/** It goes into pages: an address of another kind could run as a script there. */
function pageUrl(value: unknown): string | undefined {
  return typeof value === 'string' && /^https?:\/\//i.test(value) ? value : undefined
}
