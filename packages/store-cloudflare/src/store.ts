import type { KeyValueStore, Lease } from '@orgpass/core'
import type { Answers, Command } from './command.ts'
import type { ObjectNamespace } from './platform.ts'

export interface DurableObjectStoreOptions {
  /**
   * How long a lock outlives a holder that died. It is renewed while its holder lives. Milliseconds. @default 10_000
   */
  lease?: number
}

const ATTEMPTS = 3

/**
 * Keeps sessions in Durable Objects, one for each key: every isolate sees the same value at once, and none gets hot.
 * Make it from the binding at each request, or once for an environment; it costs nothing.
 *
 * Workers KV is no substitute: it is eventually consistent and has no lock, so two isolates would spend one refresh token.
 */
export function durableObjectStore(
  namespace: ObjectNamespace,
  { lease = 10_000 }: DurableObjectStoreOptions = {},
): KeyValueStore {
  const ask = <C extends Command>(key: string, command: C): Promise<Answers[C['ask']]> => send(namespace, key, command)
  return {
    get: async (key) => (await ask(key, { ask: 'get' })) ?? undefined,
    set: (key, value, options) => ask(key, { ask: 'set', value, ...options }),
    async delete(key) {
      await ask(key, { ask: 'delete' })
    },
    async withLock<T>(key: string, work: (lease: Lease) => Promise<T>): Promise<T> {
      const fence = await ask(key, { ask: 'acquire', lease })
      const renewing = renew(lease, () => ask(key, { ask: 'renew', fence, lease }))
      try {
        return await work({ fence, signal: renewing.signal })
      } finally {
        renewing.stop()
        // A lock that cannot be released ends with its lease.
        await ask(key, { ask: 'release', fence }).catch(() => undefined)
      }
    },
  }
}

async function send<C extends Command>(
  namespace: ObjectNamespace,
  key: string,
  command: C,
): Promise<Answers[C['ask']]> {
  for (let attempt = 1; ; attempt++) {
    try {
      // A stub whose object broke stays broken: every attempt takes a new one.
      const stub = namespace.get(namespace.idFromName(key) as never)
      const response = await stub.fetch('https://orgpass.invalid/', { method: 'POST', body: JSON.stringify(command) })
      if (!response.ok) throw new Error(`The Durable Object of a session answered ${response.status}.`)
      return (await response.json()) as Answers[C['ask']]
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, attempt * 100 * (0.5 + Math.random())))
    }
  }
}

/** Whether the platform says of its own error that another attempt may work: all commands may be repeated. */
function isPassing(error: unknown): boolean {
  const { retryable, overloaded } = error as { retryable?: unknown; overloaded?: unknown }
  return retryable === true && overloaded !== true
}

interface Renewing {
  /** Aborted when the lock is lost, or may be. */
  readonly signal: AbortSignal
  stop(): void
}

/** Renews a lease three times in its life. It is counted from before a renewal was asked for, never from its answer. */
function renew(lease: number, ask: () => Promise<boolean>): Renewing {
  const lost = new AbortController()
  let stopped = false
  let end: ReturnType<typeof setTimeout> | undefined
  let next: ReturnType<typeof setTimeout> | undefined

  const stop = (): void => {
    stopped = true
    clearTimeout(end)
    clearTimeout(next)
  }
  const lose = (): void => {
    stop()
    lost.abort()
  }
  const hold = (left: number): void => {
    clearTimeout(end)
    end = setTimeout(lose, left)
  }
  const turn = async (): Promise<void> => {
    const askedAt = Date.now()
    const held = await ask().catch(() => undefined)
    if (stopped) return
    if (held === false) return lose()
    if (held === true) hold(askedAt + lease - Date.now())
    wait()
  }
  const wait = (): void => {
    next = setTimeout(() => void turn(), lease / 3)
  }
  // How long the grant took to get here is not known: a tenth of the lease allows for it.
  hold(lease * 0.9)
  wait()
  return { signal: lost.signal, stop }
}
