import { CallbackError, OAuthError } from '../../errors/errors.ts'
import { authorizationCode } from '../../flows/authorization-code.ts'
import type { Reply } from '../../http/exchange.ts'
import { verifyIdToken } from '../../oauth/id-token.ts'
import { createTokenEndpoint } from '../../oauth/token-endpoint.ts'
import { acceptCommunityUrl } from '../../org/hosts.ts'
import type { LoginHost } from '../../org/hosts.ts'
import type { Transaction } from '../../session/transaction.ts'
import type { AuthRequest } from '../auth-request.ts'
import { beginSession } from '../begin-session.ts'
import { diagnoseCallback } from '../callback-diagnosis.ts'
import { confirmOwner } from '../confirm-owner.ts'
import { requireConnectKit } from '../connect.ts'
import { keepConnection } from '../keep-connection.ts'
import type { Grants, Kit } from '../kit.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import { readOwner } from '../owner.ts'

/** `GET /auth/callback`: turns Salesforce's answer into a session, or into a stored connection. */
export async function callbackRoute({ kit, exchange, owner }: AuthRequest, query: URLSearchParams): Promise<Reply> {
  if (exchange.method !== 'GET') return methodNotAllowed('GET')
  const answered = query.has('code') || query.has('error')
  const open = kit.transactions.open(exchange)
  const found = await kit.transactions.find(exchange, query.get('state') ?? '')
  if (!('why' in found) && found.connect !== undefined) {
    const reply = await confirmOwner({ owner, expected: found.connect.owner }, query)
    if (reply !== undefined) return reply
  }
  const attempt = 'why' in found ? found : (kit.transactions.take(exchange, found) ?? found)
  if ('why' in attempt) {
    // Back button or reload after a login that worked: what came of it is what the person wants.
    if (attempt.why === 'used' && (await isSomebody({ kit, exchange, owner }))) return goTo(attempt.returnTo)
    throw diagnoseCallback(exchange, { loss: attempt, answered, baseUrl: kit.config.baseUrl, open })
  }
  await redeem({ kit, exchange }, attempt, query)
  return goTo(attempt.returnTo)
}

/** Has the code redeemed and the grant used for what the attempt was for; what is refused after that is revoked. */
async function redeem(
  { kit, exchange }: Pick<AuthRequest, 'kit' | 'exchange'>,
  transaction: Transaction,
  query: URLSearchParams,
): Promise<void> {
  const code = requireCode(query)
  const login = tokenHost(kit, transaction, query)
  const grants: Grants = transaction.connect === undefined ? kit : requireConnectKit(kit)
  const answer = await authorizationCode(createTokenEndpoint(grants.client, login), {
    code,
    redirectUri: kit.config.redirectUri,
    codeVerifier: transaction.codeVerifier,
  })
  try {
    const { clientId } = grants.client
    const idTokenExpected =
      answer.idToken !== undefined || (answer.scope ?? scopeOf(kit, transaction)).includes('openid')
    const { nonce, login: pinned } = transaction
    const expected = { login, pinned, clientId, nonce, keys: kit.keys, now: kit.config.now() }
    const idTokenClaims = idTokenExpected ? await verifyIdToken(answer, expected) : undefined
    const tokens = await grants.accept(answer, login)
    const accepted = { tokens, login, ...(idTokenClaims && { idTokenClaims }) }
    if (transaction.connect === undefined) await beginSession({ kit, exchange }, accepted)
    else await keepConnection({ kit, exchange }, transaction.connect, accepted)
  } catch (error) {
    const work = grants.discard(login, answer)
    exchange.waitUntil?.(work)
    throw error
  }
}

/** Whether the person is in already: with a session here, or signed in to the app that keeps the connection. */
async function isSomebody({ kit, exchange, owner }: AuthRequest): Promise<boolean> {
  if ((await kit.sessions.open(exchange)) !== undefined) return true
  return kit.connect !== undefined && owner !== undefined && (await readOwner(owner)) !== undefined
}

function scopeOf({ config, connect }: Kit, transaction: Transaction): readonly string[] {
  return transaction.connect === undefined ? config.scope : (connect?.config.scope ?? [])
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
