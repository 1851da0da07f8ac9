import type { Exchange, Reply } from '../../http/exchange.ts'
import type { Kit } from '../kit.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import type { RequestAuth } from '../request-auth.ts'
import { requireSameOrigin } from '../same-origin.ts'

/** `POST /auth/logout`, from a page of this app: ends the session and revokes its grant. */
export async function logoutRoute(kit: Kit, exchange: Exchange, auth: RequestAuth): Promise<Reply> {
  if (exchange.method !== 'POST') return methodNotAllowed('POST')
  requireSameOrigin(exchange, kit.config.baseUrl.origin)
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(exchange.header('content-type') ?? '')
  const returnTo = isForm ? (await exchange.form()).get('returnTo') : null
  return auth.logout(returnTo === null ? {} : { returnTo })
}
