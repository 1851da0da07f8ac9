import { afterEach, expect, it, vi } from 'vitest'
import { sessionEnded } from '../../src/connection/refresh-errors.ts'
import { RefreshCoordinator } from '../../src/connection/refresh.ts'
import type { RefreshDependencies } from '../../src/connection/refresh.ts'
import { awaitSibling } from '../../src/connection/sibling.ts'
import type { TokenHome, TokenState } from '../../src/connection/token-home.ts'
import { TransportError } from '../../src/errors/errors.ts'
import { memoryStore } from '../../src/index.ts'
import { underLease } from '../../src/store.ts'
import { base, tokens } from './held-tokens.ts'

const old: TokenState = { tokens: tokens('old') }
const sleep = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration))

/** A process of the app. */
function started(more: Partial<RefreshDependencies> = {}): RefreshCoordinator {
  return new RefreshCoordinator({
    now: () => Date.now(),
    spendTimeout: 300,
    send: async () => tokens('ours'),
    discard: async () => undefined,
    renewed: async () => undefined,
    failed: async () => undefined,
    ...more,
  })
}

/** One record that several processes share. */
function record(initial: TokenState) {
  let state = initial
  const store = memoryStore()
  const home: TokenHome = {
    key: 'key',
    login: { kind: 'my-domain', base, origin: base },
    read: async () => state,
    async write(next) {
      state = next
      return true
    },
    ended: () => false,
    gone: sessionEnded,
    canKeep: () => true,
    withLock: (work) => store.withLock('key', work),
  }
  return { home, state: () => state, set: (next: TokenState) => void (state = next) }
}

afterEach(() => void vi.restoreAllMocks())

it('sends nothing when the process stood still until its lease was over, though no timer has run since', async () => {
  const { home, set } = record(old)
  let sent = 0
  const process = started({
    async send(_login, _tokens, ready) {
      if (sent++ > 0) return tokens('ours')
      for (const until = performance.now() + 300; performance.now() < until;);
      set({ tokens: tokens('theirs') })
      ready()
      throw new Error('It was sent.')
    },
  })
  const lease = { fence: 1, lease: 200, renew: async () => false, release: async () => undefined }
  const withLock: NonNullable<TokenHome['withLock']> = (work) =>
    underLease({ ...lease, askedAt: performance.now() }, work)
  expect((await process.renew({ ...home, withLock }, 'old')).accessToken).toBe('theirs')
  expect(sent).toBe(1)
})

it('waits for nobody where an attempt has come to nothing, however often', async () => {
  const { home } = record(old)
  const send = async (): Promise<never> => {
    throw new TransportError('net/server-error', 'Salesforce answered 503.', { sent: true })
  }
  const [one, other] = [started({ spendTimeout: 60_000, send }), started({ spendTimeout: 60_000, send })]
  for (const process of [one, other, one, other]) await expect(process.renew(home, 'old')).rejects.toThrow('503')
})

it('gives a sibling all the time that its answer may take, and more to keep it', async () => {
  const from = performance.now()
  await awaitSibling(
    { home: record({ ...old, spendStartedAt: 42 }).home, stale: 'old' },
    { spendTimeout: 300, wait: sleep },
  )
  expect(performance.now() - from).toBeGreaterThan(350)
})

it('keeps what came after a long wait for a sibling, though the store fails once', async () => {
  const { home, state } = record({ ...old, spendStartedAt: 42 })
  let skipped = 0
  const real = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => real() + skipped)
  let writes = 0
  const write: TokenHome['write'] = async (next, lease) => {
    // The mark is refused at first, as to one whose lock was lost; the second time what came is not taken.
    if (++writes === 1) return false
    if (writes === 3) throw new Error('The store is away.')
    return home.write(next, lease)
  }
  const options: Partial<RefreshDependencies> = {
    spendTimeout: 30_000,
    async wait(duration) {
      skipped += duration
      await sleep(0)
    },
  }
  await started(options).renew({ ...home, write }, 'old')
  expect(state().tokens.accessToken).toBe('ours')
})

it.each([
  ['forward, and still gives a sibling its time', 3_600_000, 'theirs'],
  ['back, and waits no longer for one that died', -3_600_000, 'ours'],
])('lets the clock be set %s', async (_, jump, outcome) => {
  const { home, set } = record({ ...old, spendStartedAt: 42 })
  const now = Date.now()
  const wait = async (duration: number): Promise<void> => {
    vi.spyOn(Date, 'now').mockReturnValue(now + jump)
    await sleep(duration)
  }
  if (outcome === 'theirs') setTimeout(() => set({ tokens: tokens('theirs') }), 200)
  expect((await started({ wait }).renew(home, 'old')).accessToken).toBe(outcome)
})

it('lets the clock be set forward while a session in a cookie is renewed, and spends nothing twice', async () => {
  const home = { ...record(old).home }
  delete home.withLock
  let sent = 0
  const process = started({
    async send() {
      sent++
      await sleep(200)
      return tokens('ours')
    },
  })
  const first = process.renew(home, 'old')
  await sleep(50)
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000)
  await Promise.all([first, process.renew(home, 'old')])
  expect(sent).toBe(1)
})

it('offers what it got until the store takes it, though nobody asks this process again', async () => {
  const { home, state } = record(old)
  let [sent, isAway] = [0, false]
  let skipped = 0
  const real = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => real() + skipped)
  const options: Partial<RefreshDependencies> = {
    spendTimeout: 30_000,
    async send() {
      isAway = true
      return tokens(`ours ${++sent}`)
    },
    async wait(duration) {
      skipped += duration
      await sleep(0)
    },
  }
  const write: TokenHome['write'] = async (next, lease) => {
    if (isAway) throw new Error('The store is away.')
    return home.write(next, lease)
  }
  await expect(started(options).renew({ ...home, write }, 'old')).rejects.toThrow('away')
  isAway = false
  await expect.poll(() => state().tokens.accessToken, { timeout: 5_000 }).toBe('ours 1')
  expect(sent).toBe(1)
})
