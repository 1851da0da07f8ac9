import { SessionError } from '../errors/errors.ts'
import type { Exchange, Reply } from '../http/exchange.ts'
import type { Kit } from './kit.ts'
import { startLogin } from './login.ts'
import { isNavigation } from './navigation.ts'

/** What to answer when a login is needed: a redirect for a person opening a page, 401 with JSON for everything else. */
export async function challengeLogin(kit: Kit, exchange: Exchange): Promise<Reply> {
  const { routes, name, basePath } = kit.config
  const { target } = exchange
  if (isNavigation(exchange)) {
    // A proxy may have taken the base path away; the browser needs it to come back.
    return startLogin(kit, exchange, { returnTo: target.startsWith(`${basePath}/`) ? target : basePath + target })
  }
  const login = routes.login === false ? {} : { login: basePath + routes.login }
  return {
    status: 401,
    headers: { 'content-type': 'application/json', 'www-authenticate': `Salesforce realm="${name}"` },
    body: JSON.stringify({ ...sessionMissing().toJSON(), ...login }),
  }
}

export function sessionMissing(): SessionError {
  return new SessionError('session/missing', 'Nobody is logged in to Salesforce in this browser.', {
    hint: 'Send the browser to the login route, or guard the route with requiresAuth().',
  })
}

export function noSessionWithBearer(): SessionError {
  return new SessionError('session/missing', 'This request is judged by its bearer token: it has no session.', {
    hint: 'auth.bearer() says who calls, auth.caller() what they may. Calls as the user need a session.',
  })
}
