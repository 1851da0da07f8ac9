import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { describeClocks } from './clocks.ts'
import { describeLocks } from './locks.ts'
import { describeOutages } from './outages.ts'
import { describeOwners } from './owners.ts'
import { createStage } from './stage.ts'
import type { ContractOptions, StoreUnderTest } from './store-under-test.ts'
import { describeValues } from './values.ts'

export type { ClientOptions, ContractOptions, Feature, StoreClient, StoreUnderTest } from './store-under-test.ts'

/**
 * Holds a store to everything that Orgpass relies on, as Vitest tests. `start` is called once; what it answers is closed
 * at the end. A store that cannot show something says so in `lacks`, and the test's title says why it was skipped.
 */
export function describeStore(name: string, start: () => Promise<StoreUnderTest>, options: ContractOptions = {}): void {
  describe(`the store ${name}`, { timeout: 60_000 }, () => {
    let tested: StoreUnderTest | undefined
    for (const [feature, why] of Object.entries(options.lacks ?? {})) {
      console.warn(`The store ${name} skips what needs ${feature}: ${why}.`)
    }
    const stage = createStage(() => {
      if (tested === undefined) throw new TypeError(`The store ${name} was not started.`)
      return tested
    }, options)
    beforeAll(async () => {
      tested = await start()
    }, 120_000)
    afterEach(() => stage.clear())
    afterAll(() => tested?.close())
    describeValues(stage)
    describeOwners(stage)
    describeLocks(stage)
    describeClocks(stage)
    describeOutages(stage)
  })
}
