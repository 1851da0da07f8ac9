import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Crew, sumUp } from './crew.ts'
import type { Outcomes } from './messages.ts'
import type { Step } from './steps.ts'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

/** What one kill came to. */
export interface Round {
  readonly step: Step
  /** Whether the process died there; it does not when it never got there. */
  readonly killed: boolean
  /** How the calls of the other processes ended. */
  readonly outcomes: Outcomes
  /** How often a refresh token was sent to Salesforce. */
  readonly spent: number
  /** Why the connection has to be reconnected, where it has to. */
  readonly reason: string | undefined
  /** How a call ends afterwards: after the reconnect, where one was needed, under the same id. `200` when all is well. */
  readonly afterwards: string
}

export interface KillOptions {
  /** The file of the bundled worker. */
  readonly program: string
  readonly processes: number
  /** Calls at once in each process. */
  readonly users: number
  readonly steps: readonly Step[]
}

/** Expires the token of one connection that many processes use, and kills whoever gets to a step first; once for each step. */
export async function killAtEach(
  storeUrl: string,
  { program, processes, users, steps }: KillOptions,
): Promise<readonly Round[]> {
  // Longer than a busy machine stalls a process: what dies here is to be killed, not starved.
  const world = await createWorld(storeUrl, { lease: 1_500, timeout: 2_500 })
  const crew = new Crew(program, world.settings, { size: processes })
  const folder = await mkdtemp(join(tmpdir(), 'orgpass-kills-'))
  try {
    const connection = await world.connect()
    const rounds: Round[] = []
    for (const [i, step] of steps.entries()) {
      const claim = join(folder, String(i))
      world.spent()
      world.sim.expireAccessTokens()
      const results = await crew.run({ subjects: [{ connection }], users, order: { step, claim } })
      const spent = world.spent()
      const info = await (await world.salesforce.connections.get(connection))?.describe()
      const reason = info?.reason?.code
      if (reason !== undefined) await world.connect(connection)
      const afterwards = await callOnce(world, connection)
      rounds.push({ step, killed: existsSync(claim), outcomes: sumUp(results), spent, reason, afterwards })
    }
    return rounds
  } finally {
    await crew.close()
    await world.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function callOnce({ salesforce }: World, id: string): Promise<string> {
  try {
    const connection = await salesforce.connections.get(id)
    return String((await connection?.fetch('/services/data/v64.0/limits'))?.status)
  } catch (error) {
    return String(error)
  }
}
