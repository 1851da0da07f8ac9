import type { HeldTokens } from '../../connection/held-tokens.ts'
import { randomSecret } from '../../crypto/pkce.ts'
import { CallbackError, isSalesforceAuthError, OAuthError } from '../../errors/errors.ts'
import { authorizationCode } from '../../flows/authorization-code.ts'
import type { Exchange, Reply } from '../../http/exchange.ts'
import { verifyIdToken } from '../../oauth/id-token.ts'
import { createTokenEndpoint } from '../../oauth/token-endpoint.ts'
import type { TokenSet } from '../../oauth/token-set.ts'
import { acceptCommunityUrl } from '../../org/hosts.ts'
import type { LoginHost } from '../../org/hosts.ts'
import { viewSession } from '../../session/session.ts'
import type { SessionRecord } from '../../session/session.ts'
import type { Transaction } from '../../session/transaction.ts'
import { diagnoseCallback } from '../callback-diagnosis.ts'
import type { Kit } from '../kit.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import { endSession } from '../logout.ts'
import { checkSessionData } from '../session-data.ts'

/** `GET /auth/callback`: turns Salesforce's answer into a session. */
export async function callbackRoute(kit: Kit, exchange: Exchange, query: URLSearchParams): Promise<Reply> {
  if (exchange.method !== 'GET') return methodNotAllowed('GET')
  const answered = query.has('code') || query.has('error')
  const open = kit.transactions.open(exchange)
  const transaction = await kit.transactions.take(exchange, query.get('state') ?? '')
  if ('why' in transaction) {
    // Back button or reload after a login that worked: the session is what the person wants.
    if (transaction.why === 'used' && (await kit.sessions.open(exchange))) return goTo(transaction.returnTo)
    throw diagnoseCallback(exchange, { loss: transaction, answered, baseUrl: kit.config.baseUrl, open })
  }
  const code = requireCode(query)
  const login = tokenHost(kit, transaction, query)
  const answer = await authorizationCode(createTokenEndpoint(kit.client, login), {
    code,
    redirectUri: kit.config.redirectUri,
    codeVerifier: transaction.codeVerifier,
  })
  try {
    await beginSession(kit, exchange, { answer, login, transaction })
  } catch (error) {
    const work = kit.discard(login, answer)
    exchange.waitUntil?.(work)
    throw error
  }
  return goTo(transaction.returnTo)
}

function goTo(location: string): Reply {
  return { status: 303, location }
}

function requireCode(query: URLSearchParams): string {
  const error = query.get('error')
  if (error !== null) {
    // The help's own sample spells it with a hyphen.
    const cause = new OAuthError({
      error: error.replace('-', '_'),
      description: query.get('error_description') ?? undefined,
    })
    const denied = cause.error === 'access_denied'
    throw new CallbackError(denied ? 'callback/denied' : 'callback/refused', cause.message, {
      cause,
      ...(cause.hint !== undefined && { hint: cause.hint }),
    })
  }
  const code = query.get('code')
  if (code !== null && code !== '') return code
  throw new CallbackError('callback/code-missing', 'Salesforce answered the login with neither a code nor an error.', {
    hint: 'Start the login again.',
  })
}

/** Where the code is redeemed: the host the login was pinned to, or a site of it that may be trusted. */
function tokenHost({ config }: Kit, { login }: Transaction, query: URLSearchParams): LoginHost {
  const community = query.get('sfdc_community_url') ?? query.get('sfdc_site_url')
  if (community === null) return login
  const host = acceptCommunityUrl(community, login, config.trustedHosts)
  if (host !== undefined) return host
  throw new CallbackError(
    'callback/foreign-community',
    'The login ended on an Experience Cloud site that this app does not know.',
    {
      hint: "If it is yours, add the site's host to trustedHosts, or log in through it: set loginUrl to the site.",
    },
  )
}

interface Answered {
  answer: TokenSet
  login: LoginHost
  transaction: Transaction
}

async function beginSession(kit: Kit, exchange: Exchange, { answer, login, transaction }: Answered): Promise<void> {
  const { config, sessions, hooks, keys } = kit
  const { clientId, limits } = config
  const now = config.now()
  const idTokenExpected = answer.idToken !== undefined || (answer.scope ?? config.scope).includes('openid')
  const expected = { login, pinned: transaction.login, clientId, nonce: transaction.nonce, keys, now }
  const claims = idTokenExpected ? await verifyIdToken(answer, expected) : undefined
  const tokens = await kit.accept(answer, login)
  requireAllowedOrg(kit, tokens)
  const record: SessionRecord = {
    sid: randomSecret(),
    login,
    tokens,
    renewals: 0,
    createdAt: now,
    seenAt: now,
    limits,
    data: {},
    revision: 0,
  }
  const data = await askHost(() =>
    hooks.onLogin?.({ session: viewSession(record), tokens, ...(claims && { idTokenClaims: claims }) }),
  )
  const previous = await sessions.open(exchange).catch(() => undefined)
  if (previous !== undefined) await endSession(kit, exchange, previous)
  await sessions.create(exchange, { ...record, data: data === undefined ? {} : checkSessionData(data) })
  config.log({ level: 'info', event: 'login', message: 'A session began.', sessionId: record.sid, ...tokens.identity })
}

function requireAllowedOrg({ config: { allowedOrgs } }: Kit, { identity }: HeldTokens): void {
  if (allowedOrgs === 'any' || allowedOrgs.includes(identity.orgId)) return
  throw new CallbackError('callback/org-not-allowed', `The org ${identity.orgId} may not log in here.`, {
    hint: 'Log in to another org, or add this one to allowedOrgs.',
  })
}

async function askHost<T>(hook: () => T | Promise<T>): Promise<T> {
  try {
    return await hook()
  } catch (cause) {
    if (isSalesforceAuthError(cause)) throw cause
    throw new CallbackError('callback/login-refused', 'This app refused the login.', {
      cause,
      hint: 'The reason is what onLogin threw: the cause of this error.',
    })
  }
}
