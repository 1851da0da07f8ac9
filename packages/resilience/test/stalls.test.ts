import { afterAll, describe, expect, it } from 'vitest'
import { bundleWorkerProcess } from '../src/bundle.ts'
import { strikeAtEach } from '../src/rounds.ts'
import type { Round } from '../src/rounds.ts'
import { startServices } from '../src/services.ts'
import { STEPS } from '../src/steps.ts'
import type { Step } from '../src/steps.ts'

const services = await startServices()
const program = await bundleWorkerProcess()
afterAll(async () => {
  await Promise.all(services.map(async ([, server]) => server?.stop()))
  await program[Symbol.asyncDispose]()
})

const PROCESSES = 4
const USERS = 10
/** Milliseconds: two leases; more than an answer is waited for; more than a lease and all that others wait. */
const [LONG, LONGER, TOO_LONG] = [3_000, 9_000, 14_000]
const SENT: readonly Step[] = ['as the request leaves']
/** Where others find that something may have been sent. */
const MARKED: readonly Step[] = ['after "spend started"']

describe.concurrent.each(services)(
  `${PROCESSES} processes use one connection through %s and one stands still`,
  (_, server) => {
    it.skipIf(server === undefined).each([
      ['longer than its lease', LONG, STEPS],
      ['longer than it waits for the answer, which came meanwhile', LONGER, SENT],
      ['until another one has renewed', TOO_LONG, MARKED],
    ] as const)(
      '%s: one refresh is sent, and nobody is disconnected',
      { timeout: 180_000 },
      async (_case, stall, steps) => {
        const options = { program: program.file, processes: PROCESSES, users: USERS, steps, stall }
        const rounds = await strikeAtEach(server?.url ?? '', options)
        const right = {
          struck: true,
          spends: ['200'],
          reason: undefined,
          afterwards: '200',
          failed: [],
          isServed: true,
        }
        expect(rounds.map(judged)).toEqual(steps.map((step) => ({ step, ...right })))
      },
    )
  },
)

/** What the stopped process waited for meanwhile is overdue for it: that may fail, and is to say that it can be tried again. */
function judged({ outcomes, ...round }: Round) {
  const failed = Object.keys(outcomes).filter((outcome) => outcome !== '200' && !outcome.endsWith(' retryable'))
  return { ...round, failed, isServed: (outcomes['200'] ?? 0) >= (PROCESSES - 1) * USERS }
}
