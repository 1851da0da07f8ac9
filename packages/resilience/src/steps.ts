import { writeFileSync } from 'node:fs'
import type { Fetch, KeyValueStore, SetOptions } from '@orgpass/core'

/** Where in a refresh a process can be struck, in the order of the refresh. */
export const STEPS = [
  'before the lock',
  'after the lock',
  'after "spend started"',
  'as the request leaves',
  'after Salesforce answered',
  'before persist',
] as const

export type Step = (typeof STEPS)[number]

/** Who is to be struck: of all processes, the first one that gets there and makes the file `claim`, with its pid. */
export interface Order {
  readonly step: Step
  readonly claim: string
  /** What it sends to itself; absent when it goes on, and whoever finds the file sends something. */
  readonly signal?: 'SIGKILL' | 'SIGSTOP'
}

/** How long a signal to oneself may take to arrive. Milliseconds. */
const DELIVERY = 50

/** Ends or stops this process at the ordered step, as the operating system does it. */
export class Trap {
  #order: Order | undefined
  /** Writes under the lock since the last refresh began. */
  #writes = 0

  arm(order: Order | undefined): void {
    this.#order = order
  }

  store(store: KeyValueStore): KeyValueStore {
    return {
      ...store,
      withLock: (key, work) => {
        this.#reach('before the lock')
        return store.withLock(key, async (lease) => {
          this.#reach('after the lock')
          this.#writes = 0
          return work(lease)
        })
      },
      set: async (key: string, value: string, options: SetOptions) => {
        const isRefresh = options.fence !== undefined
        if (isRefresh && this.#writes++ > 0) this.#reach('before persist')
        const isWritten = await store.set(key, value, options)
        if (isRefresh && this.#writes === 1) this.#reach('after "spend started"')
        return isWritten
      },
    }
  }

  fetch(fetch: Fetch): Fetch {
    return async (input, init) => {
      const { href } = new URL(input instanceof Request ? input.url : input)
      const isRefresh = href.endsWith('/services/oauth2/token')
      const answer = fetch(input, init)
      // A moment for the bytes to leave: whether Salesforce reads them all is then anybody's guess.
      if (isRefresh && this.#order?.step === 'as the request leaves') {
        setTimeout(() => this.#reach('as the request leaves'), Math.random() * 6)
      }
      const response = await answer
      if (isRefresh) this.#reach('after Salesforce answered')
      return response
    }
  }

  #reach(step: Step): void {
    if (this.#order?.step !== step) return
    const { claim, signal } = this.#order
    try {
      writeFileSync(claim, String(process.pid), { flag: 'wx' })
    } catch {
      return // Another process was first.
    }
    if (signal === undefined) return
    process.kill(process.pid, signal)
    // Nothing of this process may go on in the moment until the signal takes effect.
    for (const until = Date.now() + DELIVERY; signal === 'SIGKILL' || Date.now() < until;);
  }
}
