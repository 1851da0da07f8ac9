import { OAuthError } from '../errors/errors.ts'
import type { LoginHost } from '../org/hosts.ts'
import type { Lease } from '../store/key-value.ts'
import type { HeldTokens } from './held-tokens.ts'
import { answerLost, grantEnded, isLeaseLost, judgeSpend, leaseLost, refreshBusy } from './refresh-errors.ts'
import { GIVEN_UP } from './token-home.ts'
import type { TokenHome, TokenState } from './token-home.ts'

export interface Spending {
  readonly home: TokenHome
  readonly lease: Lease | undefined
  /**
   * Sends the refresh token off once: no retries of its own. Nothing cuts it off: its answer may hold the only token that
   * lives. Right before it leaves, `ready` is asked, which throws when it must not.
   */
  readonly send: (login: LoginHost, tokens: HeldTokens, ready: () => void) => Promise<HeldTokens>
  readonly wait: (duration: number) => Promise<void>
  /** What the state is marked with meanwhile. Epoch milliseconds. */
  readonly startedAt: number
}

const UNSENT_RETRIES = 3
const BUSY_RETRIES = 5
const backOff = (attempt: number): number => 2 ** attempt * 150 * (0.75 + Math.random() / 2)

/**
 * Spends the refresh token of a state that was read under the lock. Answers new tokens that still have to be
 * kept, or a sibling's that were kept already (`adopted`).
 */
export async function spend(spending: Spending, state: TokenState): Promise<{ tokens: HeldTokens; adopted: boolean }> {
  const { home, lease, send, wait, startedAt } = spending
  // A mark that is still there: an earlier spend's answer never came.
  let uncertain = state.spendStartedAt !== undefined

  const sibling = async (): Promise<HeldTokens | undefined> => {
    const newest = await home.read()
    return newest?.tokens.accessToken === state.tokens.accessToken ? undefined : newest?.tokens
  }
  const end = async (error: unknown): Promise<never> => {
    const mark = uncertain ? { spendStartedAt: GIVEN_UP } : {}
    // Where that cannot be written others wait in vain; what went wrong matters more to the caller.
    await home.write({ tokens: state.tokens, ...mark }, lease).catch(() => undefined)
    throw error
  }

  requireLease(lease)
  const marked = await home.write({ tokens: state.tokens, spendStartedAt: startedAt }, lease)
  // Without the mark a crash would hide the spend, and a later one would pass for the first.
  if (!marked) throw lease === undefined || (await home.read()) === undefined ? home.gone() : leaseLost()
  for (let unsent = 0, busy = 0; ;) {
    try {
      return { tokens: await send(home.login, state.tokens, () => requireLease(lease)), adopted: false }
    } catch (error) {
      if (isLeaseLost(error)) throw error
      switch (judgeSpend(error)) {
        case 'unsent':
          if (unsent === UNSENT_RETRIES) return end(error)
          await wait(backOff(unsent++))
          break
        case 'busy': {
          await wait(backOff(busy))
          const tokens = await sibling()
          if (tokens !== undefined) return { tokens, adopted: true }
          if (busy++ === BUSY_RETRIES) return end(refreshBusy(error))
          break
        }
        case 'lost':
          if (uncertain) return end(error)
          uncertain = true
          break
        case 'fatal': {
          const tokens = await sibling()
          if (tokens !== undefined) return { tokens, adopted: true }
          throw uncertain ? answerLost(error as OAuthError) : grantEnded(error as OAuthError)
        }
        case 'declined':
          return end(error)
        case 'unusable':
          uncertain = true
          return end(error)
      }
    }
  }
}

function requireLease(lease: Lease | undefined): void {
  if (lease?.signal.aborted === true) throw leaseLost()
}
