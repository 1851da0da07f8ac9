import { expect, it } from 'vitest'
import { sessionEnded } from '../../src/connection/refresh-errors.ts'
import { RefreshCoordinator } from '../../src/connection/refresh.ts'
import type { TokenHome, TokenState } from '../../src/connection/token-home.ts'
import { base, tokens } from './held-tokens.ts'

/** Where what is read, and whether what is written is taken, follows a script. */
function scripted(states: readonly TokenState[], takes: readonly boolean[] = []): TokenHome {
  let [reads, writes] = [0, 0]
  return {
    key: 'key',
    login: { kind: 'my-domain', base, origin: base },
    read: async () => states[Math.min(reads++, states.length - 1)],
    write: async () => takes[writes++] ?? true,
    ended: () => false,
    gone: sessionEnded,
    canKeep: () => true,
    withLock: (work) => work({ fence: 1, signal: new AbortController().signal }),
  }
}

function coordinator(): { readonly refresher: RefreshCoordinator; readonly sent: () => number } {
  let sent = 0
  const refresher = new RefreshCoordinator({
    now: Date.now,
    spendTimeout: 1_000,
    send: async () => {
      sent++
      return tokens('ours')
    },
    wait: async () => new Promise((resolve) => setTimeout(resolve)),
    discard: async () => undefined,
    renewed: async () => undefined,
    failed: async () => undefined,
  })
  return { refresher, sent: () => sent }
}

const old = { tokens: tokens('old') }
const marked = (spendStartedAt: number): TokenState => ({ ...old, spendStartedAt })
const kept = { tokens: tokens('theirs') }

it('gives a sibling its time also when the lock was lost before', async () => {
  const { refresher, sent } = coordinator()
  // The mark is refused, and the look at why is the second read; then a sibling has begun, and keeps what it got.
  const home = scripted([old, old, marked(42), marked(42), kept], [false])
  expect((await refresher.renew(home, 'old')).accessToken).toBe('theirs')
  expect(sent()).toBe(0)
})

it('gives each sibling its time, not only the first one', async () => {
  const { refresher, sent } = coordinator()
  // The first one's mark is cleared, and when it is looked at under the lock a second one has begun.
  const home = scripted([marked(42), old, marked(43), marked(43), kept])
  expect((await refresher.renew(home, 'old')).accessToken).toBe('theirs')
  expect(sent()).toBe(0)
})
