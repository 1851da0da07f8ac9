import type { ExecutionContext } from '@nestjs/common'
import { ConfigError } from '@orgpass/core'
import type { Exchange, RequestAuth, SalesforceAuth } from '@orgpass/core'
import { recallAuth } from '@orgpass/core/node'
import { carrierOf, isHandshake } from './carrier.ts'

type OpenAuth = (name: string) => RequestAuth

// Of what no middleware sees: WebSocket clients, subscriptions and calls.
const opened = new WeakMap<object, OpenAuth>()

/** The auth of what is being handled. @throws {ConfigError} `config/not-mounted` */
export function authOf(context: ExecutionContext, name: string): RequestAuth {
  const { key, exchange } = carrierOf(context)
  if (exchange === undefined) return recallAuth(key, name)
  const open = opened.get(key)
  if (open !== undefined) return open(name)
  const problem = 'did not run for this message'
  const hint =
    'Provide it as APP_GUARD, or put @UseGuards(SalesforceGuard) on the class. Hybrid apps set inheritAppConfig.'
  throw new ConfigError([{ option: 'SalesforceGuard', problem, hint }], 'config/not-mounted')
}

/** Opens what no middleware opened: for each message anew, so that a session that ended meanwhile is noticed. */
export function openAuth(context: ExecutionContext, find: (name: string) => SalesforceAuth): void {
  const carrier = carrierOf(context)
  const { key, exchange } = carrier
  if (exchange === undefined) return
  const known = new Map<string, RequestAuth>()
  opened.set(key, (name) => {
    const auth = known.get(name) ?? (isHandshake(carrier) ? openHandshake : openMessage)(find(name), exchange)
    known.set(name, auth)
    return auth
  })
}

function openMessage(salesforce: SalesforceAuth, exchange: Exchange): RequestAuth {
  return salesforce.open(exchange).auth
}

/** Whoever begins a handshake on a foreign page is a stranger here, whatever cookies the browser sent along. */
function openHandshake(salesforce: SalesforceAuth, exchange: Exchange): RequestAuth {
  const auth = openMessage(salesforce, exchange)
  try {
    auth.requireHandshakeOrigin()
    return auth
  } catch {
    const header: Exchange['header'] = (name) => (name === 'cookie' ? undefined : exchange.header(name))
    return openMessage(salesforce, { ...exchange, header })
  }
}
