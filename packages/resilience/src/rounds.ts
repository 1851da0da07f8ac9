import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Crew, sumUp } from './crew.ts'
import type { Outcomes } from './messages.ts'
import type { Order, Step } from './steps.ts'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

/** What striking one process came to. */
export interface Round {
  readonly step: Step
  /** Whether anybody got there. */
  readonly struck: boolean
  /** How the calls of the processes that live ended. */
  readonly outcomes: Outcomes
  /** What became of each refresh token that was sent to Salesforce: `200`, or the error. */
  readonly spends: readonly string[]
  /** Why the connection has to be reconnected, where it has to. */
  readonly reason: string | undefined
  /** How a call ends afterwards: after the reconnect, where one was needed, under the same id. `200` when all is well. */
  readonly afterwards: string
}

export interface RoundOptions {
  /** The file of the bundled worker. */
  readonly program: string
  readonly processes: number
  /** Calls at once in each process. */
  readonly users: number
  readonly steps: readonly Step[]
  /** For how long the process is stopped, in place of being killed. Milliseconds. */
  readonly stall?: number
}

/** Expires the token of one connection that many processes use, and strikes whoever gets to a step first; once for each step. */
export async function strikeAtEach(
  storeUrl: string,
  { program, processes, users, steps, stall }: RoundOptions,
): Promise<readonly Round[]> {
  // Longer than a busy machine stalls a process: who is struck here is to be struck by us.
  const world = await createWorld(storeUrl, { lease: 1_500, timeout: 2_500 })
  const crew = new Crew(program, world.settings, { size: processes })
  const folder = await mkdtemp(join(tmpdir(), 'orgpass-rounds-'))
  try {
    const connection = await world.connect()
    const rounds: Round[] = []
    for (const [i, step] of steps.entries()) {
      const claim = join(folder, String(i))
      world.spends()
      world.sim.expireAccessTokens()
      // Who waits for an answer does nothing meanwhile, and stands still like that.
      const isIdle = stall !== undefined && step === 'as the request leaves'
      if (isIdle) world.sim.faults.next('token:refresh_token', { latency: 500 })
      const signal: Order['signal'] = stall === undefined ? 'SIGKILL' : 'SIGSTOP'
      const order: Order = { step, claim, ...(!isIdle && { signal }) }
      const running = crew.run({ subjects: [{ connection }], users, order })
      if (stall !== undefined) await stopFor(stall, { claim, running })
      const results = await running
      const spends = world.spends()
      const info = await (await world.salesforce.connections.get(connection))?.describe()
      const reason = info?.reason?.code
      if (reason !== undefined) await world.connect(connection)
      const afterwards = await callOnce(world, connection)
      rounds.push({ step, struck: existsSync(claim), outcomes: sumUp(results), spends, reason, afterwards })
    }
    return rounds
  } finally {
    await crew.close()
    await world.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Stops the process whose number is in the file, where it has not done so itself, and lets it go on later. */
async function stopFor(stall: number, { claim, running }: { claim: string; running: Promise<unknown> }) {
  let isOver = false
  void running.finally(() => (isOver = true)).catch(() => undefined)
  while (!existsSync(claim) && !isOver) await sleep(20)
  if (isOver) return
  const pid = Number(await readFile(claim, 'utf8'))
  process.kill(pid, 'SIGSTOP')
  await sleep(stall)
  process.kill(pid, 'SIGCONT')
}

async function callOnce({ salesforce }: World, id: string): Promise<string> {
  try {
    const connection = await salesforce.connections.get(id)
    return String((await connection?.fetch('/services/data/v64.0/limits'))?.status)
  } catch (error) {
    return String(error)
  }
}
