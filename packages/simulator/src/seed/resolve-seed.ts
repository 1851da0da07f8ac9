import { defaultSeed } from './default-seed.ts'
import { parseSeed } from './parse-seed.ts'
import type { Seed } from './seed.ts'

/** The given seed together with the default one, unless it says otherwise. */
export function resolveSeed(given: Seed | undefined): Seed {
  if (given === undefined) return defaultSeed
  const seed = parseSeed(given)
  if (seed.defaults === false) return seed
  return {
    orgs: [...(defaultSeed.orgs ?? []), ...(seed.orgs ?? [])],
    apps: [...(defaultSeed.apps ?? []), ...(seed.apps ?? [])],
  }
}
