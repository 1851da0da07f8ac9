import { TokenError } from '../errors/errors.ts'
import type { LoginHost } from '../org/hosts.ts'
import { isLocalHost } from '../org/local.ts'
import { isPageHost } from '../org/page-host.ts'

/** A session id and the one host, without a scheme, whose pages it opens. Both belong in a cookie of that host only. */
export interface DomainSession {
  readonly domain: string
  readonly sid: string
}

/**
 * What a hybrid grant answers besides tokens: sessions for the web pages of the org. What the granted scopes do not
 * cover is absent.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_hybrid_app_flow_cookies.htm
 */
export interface HybridSession {
  /** The name of the cookie on the instance that holds the access token, or `parentSid` or `uiSid` when there is one. */
  readonly sidCookieName?: string
  /** The value of the cookie `sid_Client`. */
  readonly sidClient?: string
  /** The value of the cookie `clientSrc`. */
  readonly clientSrc?: string
  /** The value of Lightning's anti-forgery cookie. */
  readonly csrfToken?: string
  readonly lightning?: DomainSession
  readonly visualforce?: DomainSession
  readonly content?: DomainSession
  /** The session for pages when the access token is a JWT, which opens none. */
  readonly parentSid?: string
  /** The session for pages when the access token is bound to a key. */
  readonly uiSid?: string
}

type Members = Readonly<Record<string, unknown>>

/**
 * Reads the members of a hybrid answer; `undefined` when it has none. A session for a host that is not Salesforce's
 * is left out.
 * @throws {TokenError} `token/malformed-answer`
 */
export function decodeHybridSession(answer: Members, login: LoginHost): HybridSession | undefined {
  const values = {
    sidCookieName: text(answer, 'sidCookieName'),
    sidClient: text(answer, 'cookie-sid_Client'),
    clientSrc: text(answer, 'cookie-clientSrc') ?? text(answer, 'cookie-ClientSrc'),
    csrfToken: text(answer, 'csrf_token'),
    lightning: domainSession(answer, 'lightning', login),
    visualforce: domainSession(answer, 'visualforce', login),
    content: domainSession(answer, 'content', login),
    parentSid: text(answer, 'parent_sid'),
    uiSid: text(answer, 'ui_sid'),
  }
  const present = Object.entries(values).filter(([, value]) => value !== undefined)
  return present.length === 0 ? undefined : (Object.fromEntries(present) as HybridSession)
}

function domainSession(answer: Members, family: string, login: LoginHost): DomainSession | undefined {
  const domain = text(answer, `${family}_domain`)
  const sid = text(answer, `${family}_sid`)
  if (domain === undefined || sid === undefined) return undefined
  const trusted = login.kind === 'local' ? isLocalHost(domain.replace(/:\d+$/, '')) : isPageHost(domain)
  return trusted ? { domain, sid } : undefined
}

function text(answer: Members, member: string): string | undefined {
  const value = answer[member]
  if (value === undefined || value === null || value === '') return undefined
  // It becomes a cookie: what no cookie can hold is refused.
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) && !/[;,]/.test(value)) return value
  throw new TokenError(
    'token/malformed-answer',
    `The token endpoint's answer cannot be used: ${member} fits no cookie.`,
    {
      hint: 'Check that the login URL is a Salesforce host and that no proxy rewrites its answers.',
    },
  )
}
