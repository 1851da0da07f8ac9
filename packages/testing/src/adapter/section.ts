import type { Scenario } from './contract.ts'
import type { Scene, Stage } from './stage.ts'

/** Adds tests; those of a scenario are skipped for hosts that lack it. */
export interface Check {
  on(scenario: Scenario, title: string, work: (scene: Scene) => Promise<void>): void
  /** The app refuses to start, or answers every request, with the code of a ConfigError. */
  refused(scenario: Scenario, title: string, code: string): void
  /** A test that opens what it needs itself. */
  staged(title: string, work: (stage: Stage) => Promise<void>): void
}

/** A part of the contract. */
export type Section = (check: Check) => void

/** What a page's script sends. */
export const asScript = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', accept: 'application/json' }
