import { durableObjectStore } from '../../src/index.ts'
import type { ObjectNamespace } from '../../src/index.ts'

export { OrgpassStore } from '../../src/index.ts'

interface Bindings {
  readonly SESSIONS: ObjectNamespace
}

/** Holding a lock. Milliseconds. */
interface Hold {
  readonly for: number
  readonly lease?: number
  /** Counts up what is stored, reading at the beginning and writing at the end. */
  readonly add?: true
  /** Throws at the end. */
  readonly fail?: true
  /** Gives the lock to somebody else behind the holder's back. */
  readonly lose?: true
}

/** What a test asks for. */
export interface Ask {
  readonly key: string
  readonly get?: true
  readonly set?: { readonly value: string; readonly ttl: number; readonly fence?: number }
  readonly delete?: true
  readonly hold?: Hold
  /** A command for the object itself. */
  readonly raw?: object
}

async function answer({ SESSIONS }: Bindings, ask: Ask): Promise<unknown> {
  const { key, set, hold } = ask
  const store = durableObjectStore(SESSIONS, hold?.lease === undefined ? {} : { lease: hold.lease })
  if (ask.get) return (await store.get(key)) ?? null
  if (set !== undefined) return store.set(key, set.value, set)
  if (ask.delete) return store.delete(key)
  const raw = async (command: object): Promise<unknown> => {
    const stub = SESSIONS.get(SESSIONS.idFromName(key) as never)
    return (await stub.fetch('https://test.invalid/', { method: 'POST', body: JSON.stringify(command) })).json()
  }
  if (ask.raw !== undefined) return raw(ask.raw)
  if (hold === undefined) throw new TypeError('Nothing is asked for.')
  return store.withLock(key, async ({ fence, signal }) => {
    const from = Date.now()
    const before = hold.add && Number((await store.get(key)) ?? 0)
    if (hold.lose) {
      await raw({ ask: 'release', fence })
      await raw({ ask: 'acquire', lease: 2_000, wait: 0 })
    }
    await new Promise((resolve) => setTimeout(resolve, hold.for))
    if (before !== undefined) await store.set(key, String(before + 1), { ttl: 60_000, fence })
    if (hold.fail) throw new Error('the work failed')
    return { fence, aborted: signal.aborted, from, to: Date.now() }
  })
}

export default {
  async fetch(request: Request, bindings: Bindings): Promise<Response> {
    try {
      return Response.json((await answer(bindings, (await request.json()) as Ask)) ?? null)
    } catch (error) {
      return Response.json({ error: String(error) }, { status: 500 })
    }
  },
}
