import { RequestError } from '../../errors/errors.ts'
import type { Exchange, Reply } from '../../http/exchange.ts'
import type { Kit } from '../kit.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import { startLogin } from '../login.ts'
import type { LoginOptions } from '../login.ts'
import { isPrefetch, isScript } from '../navigation.ts'

const PROMPTS = ['login', 'consent', 'select_account'] as const

/** `GET /auth/login?returnTo=/path&prompt=login&login_hint=name`: sends the browser to Salesforce. */
export async function loginRoute(kit: Kit, exchange: Exchange, query: URLSearchParams): Promise<Reply> {
  if (exchange.method !== 'GET') return methodNotAllowed('GET')
  if (isPrefetch(exchange) || isScript(exchange)) throw notANavigation()
  const options: LoginOptions = {}
  const [returnTo, loginHint] = [query.get('returnTo'), query.get('login_hint')]
  const prompt = PROMPTS.find((known) => known === query.get('prompt'))
  if (returnTo !== null) options.returnTo = returnTo
  if (prompt !== undefined) options.prompt = prompt
  if (loginHint !== null && loginHint.length <= 200) options.loginHint = loginHint
  return startLogin(kit, exchange, options)
}

function notANavigation(): RequestError {
  return new RequestError(
    'request/not-a-navigation',
    'A login is for a person: a script or a prefetch cannot start one.',
    {
      hint: 'Link to the login route, or set window.location to it.',
    },
  )
}
