import type { Seed, Simulator } from '../../packages/simulator/src/index.ts'

/** Where a flow is played: the simulator, and the code of the flow's page beside it. */
export interface Stage {
  readonly sim: Simulator
  /** Calls what the page exports, once all of its code has run. @throws {TypeError} when it exports no such function. */
  readonly call: (name: string, ...args: readonly unknown[]) => Promise<unknown>
  /** What the page exports under that name, once all of its code has run. */
  readonly value: (name: string) => Promise<unknown>
  /** Settles once all of the page's code has run. */
  readonly ran: Promise<unknown>
  /** Waits until the page has printed this. */
  readonly printed: (pattern: RegExp) => Promise<string>
}

/** What a flow needs beside the code of its page. */
export interface Story {
  /** Orgs and apps beside the usual ones. */
  readonly seed?: Seed
  /** Sets up what the page's "Set up" section tells, and answers the variables that its code reads beside the usual ones. */
  readonly prepare?: (sim: Simulator) => Variables | Promise<Variables>
  /** What people, browsers and identity providers do meanwhile. Answers what is to be told of it. */
  readonly play?: (stage: Stage) => Promise<string>
  /** Must stand in what was printed and told. */
  readonly ends: string
}

export type Variables = Readonly<Record<string, string>>
