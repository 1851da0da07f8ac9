import type { Reply } from '../../http/exchange.ts'
import type { AuthRequest } from '../auth-request.ts'
import { appPath } from '../authorize.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import { RequestConnections } from '../request-connections.ts'
import { requireSameOrigin } from '../same-origin.ts'

/** `POST /auth/disconnect`, from a page of this app: revokes and forgets a connection of who is signed in to it. */
export async function disconnectRoute(request: AuthRequest): Promise<Reply> {
  const { kit, exchange } = request
  if (exchange.method !== 'POST') return methodNotAllowed('POST')
  requireSameOrigin(exchange, kit.config.baseUrl.origin)
  const form = await exchange.form()
  await new RequestConnections(request).disconnect(form.get('connection') ?? '')
  return { status: 303, location: appPath(kit, form.get('returnTo') ?? undefined) }
}
