import { defaultSeed } from './default-seed.ts'
import type { Seed } from './seed.ts'

/** The given seed together with the default one, unless it says otherwise. */
export function resolveSeed(seed: Seed = {}): Seed {
  if (seed.defaults === false) return seed
  return {
    orgs: [...(defaultSeed.orgs ?? []), ...(seed.orgs ?? [])],
    apps: [...(defaultSeed.apps ?? []), ...(seed.apps ?? [])],
  }
}
