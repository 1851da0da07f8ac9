import { ConfigError, RequestError } from '../errors/errors.ts'
import type { Members } from '../oauth/answer.ts'
import { askJson } from './ask-json.ts'
import type { AuthorizedFetch } from './ask-json.ts'

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
  /** For each request, a renewal of the token included. Milliseconds. @default 10_000 */
  timeout?: number
}

/** Who uses which app by refresh tokens, and how to end it. Identifiers are those the lists answer. */
export interface OAuthUsage {
  apps(): Promise<UsedApp[]>
  users(app: string): Promise<AppUser[]>
  tokens(app: string, user: string): Promise<UsedToken[]>
  revoke(token: string): Promise<void>
  /** Ends all grants of an app, or those of one of its users. A user who is given as `undefined` is refused. */
  revokeAll(app: string, user?: string): Promise<void>
}

const PAGE_SIZE = 100
const MAX_PAGES = 1000

/**
 * The org's inventory of OAuth grants. It knows External Client Apps only, and asks for an administrator's connection.
 * Its methods throw `RestError` or `OAuthError` when Salesforce refuses, `TransportError` (`net/*`) when it does not
 * answer, and `RequestError` (`request/unsendable`) before anything is sent for what is no identifier.
 *
 * @param fetch - `fetch` of a connection, as it goes to the token's own instance.
 * @throws {ConfigError} `config/invalid` when the version is none.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.meta_external_client_app_oauth_usage.htm
 */
export function oauthUsage(fetch: AuthorizedFetch, options: UsageOptions = {}): OAuthUsage {
  const { apiVersion = '64.0', timeout } = options
  const root = `/services/data/v${requireVersion(apiVersion)}/apps/oauth/usage`
  const at = (...steps: (string | undefined)[]): string => [root, ...steps.map(step)].join('/')

  async function list(url: string, name: string): Promise<Members[]> {
    const { members } = await askJson(fetch, url, { timeout })
    const entries = members?.[name]
    return Array.isArray(entries) ? entries.filter(isMembers) : []
  }

  async function pages(url: string, name: string): Promise<Members[]> {
    const all: Members[] = []
    for (let page = 0; page < MAX_PAGES; page++) {
      // Counted here: the address of a next page stands in every answer, the last one included.
      const entries = await list(`${url}?page=${page}&pageSize=${PAGE_SIZE}`, name)
      for (const entry of entries) all.push(entry)
      if (entries.length < PAGE_SIZE) break
    }
    return all
  }

  async function end(url: string): Promise<void> {
    await askJson(fetch, url, { method: 'DELETE', timeout })
  }

  return {
    apps: async () => (await pages(root, 'apps')).flatMap(readApp),
    users: async (app) => (await pages(at(app, 'users'), 'users')).flatMap(readUser),
    tokens: async (app, user) => (await list(at(app, user, 'tokens'), 'tokens')).flatMap(readToken),
    revoke: async (token) => end(at('tokens', token)),
    // Counted: somebody who was looked up and not found must not stand for everybody.
    revokeAll: async (app, ...users: [user?: string]) => end(at(app, ...users, 'tokens')),
  }
}

function requireVersion(version: string): string {
  if (/^\d{2,3}\.0$/.test(version)) return version
  throw new ConfigError([
    { option: 'apiVersion', problem: 'is not a version of the API', hint: "Write it as '64.0', or leave it out." },
  ])
}

/** One step of a path. Dots and slashes would lead to another place: from one user's grants to all of an app's. */
function step(identifier: string | undefined): string {
  const isOne = typeof identifier === 'string' && !/\p{Cs}/u.test(identifier)
  if (isOne && identifier.split(/[/\\]/).every((part) => !/^\.{0,2}$/.test(part))) return encodeURIComponent(identifier)
  throw new RequestError('request/unsendable', 'An identifier is missing or leads elsewhere; nothing was sent.', {
    hint: 'Take identifiers as the lists answer them.',
  })
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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
