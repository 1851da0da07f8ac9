import { createRequire } from 'node:module'
import Koa3 from 'koa'

// The alias has no types of its own; what is used here is the same in both versions.
const Koa2 = createRequire(import.meta.url)('koa2') as typeof Koa3

/** Every version that the adapter promises to work with. */
export const hosts: readonly { name: string; Koa: typeof Koa3 }[] = [
  { name: 'Koa 3', Koa: Koa3 },
  { name: 'Koa 2', Koa: Koa2 },
]
