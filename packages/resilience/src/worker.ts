/** One process of an app: makes calls as it is told. The settings come in the variable WORKER. */
import { isSalesforceAuthError } from '@orgpass/core'
import type { Exchange, Fetch } from '@orgpass/core'
import { createSalesforceAuth } from '@orgpass/core/node'
import { ORIGIN_HEADER } from './gate.ts'
import type { Done, Subject, Task, WorkerSettings } from './messages.ts'
import { openStore } from './open-store.ts'
import { Trap } from './steps.ts'

const LIMITS = '/services/data/v64.0/limits'
const settings = JSON.parse(process.env['WORKER'] ?? '') as WorkerSettings
const { storeUrl, secret, gate, lease, ...options } = settings
const trap = new Trap()
const opened = await openStore(storeUrl, { lease })
const store = trap.store(opened.store)

const throughGate: Fetch = (input, init) => {
  if (gate === undefined) return fetch(input, init)
  const { origin, pathname, search } = new URL(input instanceof Request ? input.url : input)
  const headers = new Headers(init?.headers)
  headers.set(ORIGIN_HEADER, origin)
  return fetch(`http://127.0.0.1:${gate}${pathname}${search}`, { ...init, headers })
}

const salesforce = createSalesforceAuth(
  {
    ...options,
    session: { secret, store },
    connect: { store },
    fetch: trap.fetch(throughGate),
    logger: () => undefined,
  },
  {},
)

async function call(subject: Subject): Promise<string> {
  try {
    if ('cookie' in subject) {
      const { auth } = salesforce.open(exchangeOf(subject.cookie))
      return String((await auth.fetch(LIMITS)).status)
    }
    const connection = await salesforce.connections.get(subject.connection)
    return connection === undefined ? 'gone' : String((await connection.fetch(LIMITS)).status)
  } catch (error) {
    if (!isSalesforceAuthError(error)) return `untyped ${String(error)}`
    return `${error.code}${error.retryable ? ' retryable' : ''}`
  }
}

function exchangeOf(cookie: string): Exchange {
  return {
    method: 'GET',
    target: '/',
    header: (name) => (name === 'cookie' ? cookie : undefined),
    form: async () => new URLSearchParams(),
    setCookie: () => undefined,
    committed: false,
  }
}

async function run({ id, subjects, users, duration, order }: Task): Promise<Done> {
  trap.arm(order)
  const outcomes: Record<string, number> = {}
  const until = Date.now() + (duration ?? 0)
  const user = async (subject: Subject): Promise<void> => {
    do {
      const outcome = await call(subject)
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      if (duration !== undefined) await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 60))
    } while (Date.now() < until)
  }
  await Promise.all(subjects.flatMap((subject) => Array.from({ length: users }, () => user(subject))))
  return { id, outcomes }
}

process.on('message', async (task: Task) => process.send?.(await run(task)))
process.on('disconnect', () => process.exit())
process.send?.('ready')
