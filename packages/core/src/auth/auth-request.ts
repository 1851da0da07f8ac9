import type { Exchange } from '../http/exchange.ts'
import type { Kit } from './kit.ts'
import type { OwnerBinding } from './owner.ts'

/** One request, with what its adapter knows about it. */
export interface AuthRequest {
  readonly kit: Kit
  readonly exchange: Exchange
  readonly owner: OwnerBinding | undefined
}
