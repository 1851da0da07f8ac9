import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { isSalesforceAuthError } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'
import type { SalesforceState } from '@orgpass/koa'
import type { Middleware } from 'koa'
import { listCustomers, peopleAt } from './customers.ts'
import type { Customer } from './customers.ts'

/** How long a browser waits until it asks for the rest. Milliseconds. */
const RETRY = 500

export interface CheckOptions {
  /** Pause before each customer. Milliseconds. */
  readonly pace: number
}

/**
 * `GET /check/events`: one server-sent event for each customer, as soon as Salesforce has answered. A browser that comes
 * back says which customer it saw last and gets the rest.
 */
export function checkEvents({ pace }: CheckOptions): Middleware<SalesforceState> {
  return async (ctx) => {
    const { salesforce } = ctx.state
    // Before the head leaves: a token that died meanwhile is renewed now, while the new cookie can still be sent.
    const customers = await listCustomers(salesforce)
    const seen = customers.findIndex(({ id }) => id === ctx.get('last-event-id'))
    const gone = new AbortController()
    ctx.res.once('close', () => gone.abort())
    ctx.type = 'text/event-stream'
    // Some proxies would collect the events otherwise.
    ctx.set('x-accel-buffering', 'no')
    ctx.body = Readable.from(
      told(check({ salesforce, customers, from: seen + 1, pace, signal: gone.signal }), (error) =>
        ctx.app.emit('error', error, ctx),
      ),
    )
  }
}

interface Check {
  readonly salesforce: RequestAuth
  readonly customers: readonly Customer[]
  /** The customer to begin with. */
  readonly from: number
  readonly pace: number
  readonly signal: AbortSignal
}

async function* check({ salesforce, customers, from, pace, signal }: Check): AsyncGenerator<string> {
  yield `retry: ${RETRY}\n${event('begin', { total: customers.length })}`
  for (const { id, name } of customers.slice(from)) {
    await pause(pace, undefined, { signal })
    const people = await peopleAt(salesforce, id, signal)
    yield `id: ${id}\n${event('customer', { id, name, people })}`
  }
  yield event('done', {})
}

/** Ends the events as browsers need it: silently when they shall come back for the rest, with a last word when not. */
async function* told(events: AsyncGenerator<string>, report: (error: unknown) => void): AsyncGenerator<string> {
  try {
    yield* events
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return
    // The token died on the way, and a cookie can no longer be sent: the next request renews it and goes on.
    if (isSalesforceAuthError(error) && error.code === 'session/response-started') return
    const known = isSalesforceAuthError(error) && error.expose
    if (!known) report(error)
    yield event('stopped', { message: known ? error.message : 'The check failed. The app’s log says why.' })
  }
}

function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
