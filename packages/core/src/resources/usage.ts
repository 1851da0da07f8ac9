import type { Members } from '../oauth/answer.ts'
import { isMembers, readJsonAnswer } from './json-answer.ts'
import type { AuthorizedFetch } from './profile.ts'

/** An External Client App that somebody uses. */
export interface UsedApp {
  readonly identifier: string
  readonly developerName?: string
  readonly accessTokenFormat?: string
  readonly raw: Members
}

/** Somebody who uses an app. */
export interface AppUser {
  readonly identifier: string
  readonly username?: string
  readonly raw: Members
}

/** A refresh token that lives. Times are epoch milliseconds. */
export interface UsedToken {
  /** What `revoke` takes; it is not the token. */
  readonly identifier: string
  readonly username?: string
  /** How many access tokens were made from it. */
  readonly useCount?: number
  readonly connectedAt?: number
  readonly lastUsedAt?: number
  readonly accessTokenFormat?: string
  readonly raw: Members
}

export interface UsageOptions {
  /** From 59.0 on. @default '64.0' */
  apiVersion?: string
}

/** Who uses which app by refresh tokens, and how to end it. Identifiers are those the lists answer. */
export interface OAuthUsage {
  apps(): Promise<UsedApp[]>
  users(app: string): Promise<AppUser[]>
  tokens(app: string, user: string): Promise<UsedToken[]>
  revoke(token: string): Promise<void>
  /** Ends all grants of an app, or those of one of its users. */
  revokeAll(app: string, user?: string): Promise<void>
}

const PAGE_SIZE = 100
const MAX_PAGES = 1000

/**
 * The org's inventory of OAuth grants. It knows External Client Apps only, and asks for an administrator's connection.
 * Its methods throw `OAuthError` when Salesforce refuses and `TransportError` (`net/*`) otherwise.
 *
 * @param fetch - `fetch` of a connection, as it goes to the token's own instance.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.meta_external_client_app_oauth_usage.htm
 */
export function oauthUsage(fetch: AuthorizedFetch, options: UsageOptions = {}): OAuthUsage {
  const root = `/services/data/v${options.apiVersion ?? '64.0'}/apps/oauth/usage`
  const at = (...steps: string[]): string => [root, ...steps.map(encodeURIComponent)].join('/')

  async function list(url: string, name: string): Promise<Members[]> {
    const headers = { accept: 'application/json' }
    const entries = (await readJsonAnswer(await fetch(url, { headers })))[name]
    return Array.isArray(entries) ? entries.filter(isMembers) : []
  }

  async function pages(url: string, name: string): Promise<Members[]> {
    const all: Members[] = []
    for (let page = 0; page < MAX_PAGES; page++) {
      // Counted here: the address of a next page stands in every answer, the last one included.
      const entries = await list(`${url}?page=${page}&pageSize=${PAGE_SIZE}`, name)
      all.push(...entries)
      if (entries.length < PAGE_SIZE) break
    }
    return all
  }

  async function end(url: string): Promise<void> {
    await readJsonAnswer(await fetch(url, { method: 'DELETE', headers: { accept: 'application/json' } }))
  }

  return {
    apps: async () => (await pages(root, 'apps')).flatMap(readApp),
    users: async (app) => (await pages(at(app, 'users'), 'users')).flatMap(readUser),
    tokens: async (app, user) => (await list(at(app, user, 'tokens'), 'tokens')).flatMap(readToken),
    revoke: (token) => end(at('tokens', token)),
    revokeAll: (app, user) => end(user === undefined ? at(app, 'tokens') : at(app, user, 'tokens')),
  }
}

/** An entry without a name cannot be asked about. */
function readApp(raw: Members): UsedApp[] {
  const { identifier, developerName, accessTokenFormat } = raw
  if (typeof identifier !== 'string') return []
  return [{ identifier, ...texts({ developerName, accessTokenFormat }), raw }]
}

function readUser(raw: Members): AppUser[] {
  // Tokens call it userIdentifier; what the list of users calls it is documented nowhere.
  const { userIdentifier, userId = userIdentifier, identifier = userId, username } = raw
  return typeof identifier === 'string' ? [{ identifier, ...texts({ username }), raw }] : []
}

function readToken(raw: Members): UsedToken[] {
  const { revocationUrl, username, useCount, accessTokenFormat } = raw
  // Only the name is taken from the address; the address itself is never called.
  const name = typeof revocationUrl === 'string' ? /\/tokens\/([^/?#]+)$/.exec(revocationUrl)?.[1] : undefined
  if (name === undefined) return []
  const connectedAt = timeOf(raw['initialConnectionAt'])
  const lastUsedAt = timeOf(raw['lastUsedAt'])
  return [
    {
      identifier: decode(name),
      ...texts({ username, accessTokenFormat }),
      ...(typeof useCount === 'number' && { useCount }),
      ...(connectedAt !== undefined && { connectedAt }),
      ...(lastUsedAt !== undefined && { lastUsedAt }),
      raw,
    },
  ]
}

function texts<Name extends string>(members: Record<Name, unknown>): Partial<Record<Name, string>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => typeof value === 'string')) as Partial<
    Record<Name, string>
  >
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
