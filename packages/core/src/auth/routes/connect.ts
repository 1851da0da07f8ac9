import type { Reply } from '../../http/exchange.ts'
import type { AuthRequest } from '../auth-request.ts'
import { PROMPTS } from '../authorize.ts'
import { startConnect } from '../connect.ts'
import type { ConnectOrgOptions } from '../connect.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import { isScript } from '../navigation.ts'
import { onwardPage } from '../onward-page.ts'
import { requireOwner } from '../owner.ts'
import { requireSameOrigin } from '../same-origin.ts'

const FIELDS = {
  loginHost: 'loginHost',
  alias: 'alias',
  reconnect: 'reconnect',
  returnTo: 'returnTo',
  login_hint: 'loginHint',
} as const satisfies Record<string, keyof ConnectOrgOptions>

/**
 * `POST /auth/connect`, from a page of this app: sends the browser to Salesforce to connect an org. A script, which
 * cannot follow there, is told the address.
 */
export async function connectRoute({ kit, exchange, owner }: AuthRequest): Promise<Reply> {
  if (exchange.method !== 'POST') return methodNotAllowed('POST')
  requireSameOrigin(exchange, kit.config.baseUrl.origin)
  const user = await requireOwner(owner)
  const url = await startConnect({ kit, exchange }, user, readFields(await exchange.form()))
  // Browsers check redirects behind a form against the page's `form-action`, which names no identity providers.
  if (!isScript(exchange)) return onwardPage(url.href, 'Going to Salesforce…')
  const body = JSON.stringify({ location: url.href })
  return { status: 200, headers: { 'content-type': 'application/json' }, body }
}

/** What is left empty in a form was not filled in. */
function readFields(form: URLSearchParams): ConnectOrgOptions {
  const options: ConnectOrgOptions = {}
  for (const [field, option] of Object.entries(FIELDS)) {
    const value = form.get(field)?.trim()
    if (value !== undefined && value !== '') options[option] = value
  }
  const prompt = PROMPTS.find((known) => known === form.get('prompt'))
  return prompt === undefined ? options : { ...options, prompt }
}
