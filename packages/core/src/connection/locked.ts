import type { Lease } from '../store/key-value.ts'
import { isLockBusy } from '../store/store-failure.ts'
import type { TokenHome } from './token-home.ts'

const RETRIES = 2

/**
 * Takes turns with whoever renews or ends the same tokens. A lock's holder may wait for an answer for longer than a store
 * waits for the lock.
 */
export async function locked<T>(home: TokenHome, work: (lease: Lease | undefined) => Promise<T>): Promise<T> {
  for (let busy = 0; ; busy++) {
    try {
      return await (home.withLock === undefined ? work(undefined) : home.withLock(work))
    } catch (error) {
      if (!isLockBusy(error) || busy === RETRIES) throw error
    }
  }
}
