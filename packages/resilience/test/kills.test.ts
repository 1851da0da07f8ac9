import { afterAll, describe, expect, it } from 'vitest'
import { bundleWorkerProcess } from '../src/bundle.ts'
import { strikeAtEach } from '../src/rounds.ts'
import type { Round } from '../src/rounds.ts'
import { startServices } from '../src/services.ts'
import { STEPS } from '../src/steps.ts'
import type { Step } from '../src/steps.ts'

const PROCESSES = 8
const USERS = Number(process.env['KILL_USERS'] ?? 10)
/** Of each store, at each step. */
const KILLS_PER_STEP = Number(process.env['KILLS_PER_STEP'] ?? 2)
/** Apps that are killed side by side, each with a customer and a Salesforce of its own. */
const APPS = Number(process.env['KILL_APPS'] ?? 3)

const services = await startServices()
const worker = await bundleWorkerProcess()
const all: { store: string; rounds: readonly Round[] }[] = []

afterAll(async () => {
  await Promise.all(services.map(async ([, server]) => server?.stop()))
  await worker[Symbol.asyncDispose]()
  const rows = all.flatMap(({ store, rounds }) => STEPS.map((step) => row(store, step, rounds)))
  console.table(rows)
  console.log(`${all.flatMap(({ rounds }) => rounds.filter(({ struck }) => struck)).length} kills`)
})

function row(store: string, step: Step, rounds: readonly Round[]): object {
  const own = rounds.filter((round) => round.step === step)
  return {
    store,
    'killed …': step,
    kills: own.filter(({ struck }) => struck).length,
    'goes on working': own.filter(({ reason }) => reason === undefined).length,
    'needs reconnect, answer lost': own.filter(({ reason }) => reason === 'token/refresh-answer-lost').length,
    'broken otherwise': own.filter(({ afterwards }) => afterwards !== '200').length,
    'refreshes sent': own.reduce((sum, { spends }) => sum + spends.length, 0),
  }
}

/** Where the answer cannot have died with the process. */
const HARMLESS: readonly Step[] = ['before the lock', 'after the lock', 'after "spend started"']
/** Where it died for sure. */
const LOST: readonly Step[] = ['after Salesforce answered', 'before persist']

function judge({ step, outcomes, spends, reason, afterwards, struck }: Round): string {
  if (!struck) return 'nobody was killed'
  if (afterwards !== '200') return `afterwards: ${afterwards}`
  const names = Object.keys(outcomes)
  if (reason === undefined) {
    if (LOST.includes(step)) return 'the lost answer is not known'
    if (names.some((name) => name !== '200')) return `calls failed: ${names.join()}`
    return spends.length === 1 || (step === 'as the request leaves' && spends.length === 2)
      ? 'right'
      : `${spends.length} refreshes`
  }
  if (HARMLESS.includes(step)) return `it was disconnected for nothing: ${reason}`
  if (reason !== 'token/refresh-answer-lost') return `the reason is ${reason}`
  const typed = ['token/refresh-answer-lost', 'connection/needs-reconnect']
  if (names.some((name) => !typed.includes(name))) return `calls ended with ${names.join()}`
  return spends.length === 2 ? 'right' : `${spends.length} refreshes in place of one and one more`
}

describe.concurrent.each(services)(
  `${PROCESSES} processes use one connection through %s and one is killed`,
  (store, server) => {
    it.skipIf(server === undefined)(
      'at each step of the refresh: nothing is lost but an answer that died with it, and that is said',
      { timeout: 1_800_000 },
      async () => {
        const kills = STEPS.flatMap((step) => Array.from({ length: KILLS_PER_STEP }, () => step))
        const shares = Array.from({ length: APPS }, (_, app) => kills.filter((_step, i) => i % APPS === app))
        const apps = shares.map((steps) =>
          strikeAtEach(server?.url ?? '', { program: worker.file, processes: PROCESSES, users: USERS, steps }),
        )
        const rounds = (await Promise.all(apps)).flat()
        all.push({ store, rounds })
        expect(rounds.filter((round) => judge(round) !== 'right').map((round) => [judge(round), round])).toEqual([])
        expect(rounds).toHaveLength(kills.length)
      },
    )
  },
)
