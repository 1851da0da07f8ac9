import { GIVEN_UP } from './token-home.ts'
import type { TokenHome } from './token-home.ts'

interface SiblingOptions {
  /** How long the answer to one spend is waited for. Milliseconds. */
  readonly spendTimeout: number
  readonly wait: (duration: number) => Promise<void>
}

/** The time that an answer may take, and a third of it to keep what came. */
const PATIENCE = 4 / 3
/** How often the store is asked. Milliseconds. */
const PAUSE = 250

/** Whether a process may still be waiting for what a spend brings. */
export function isPending(mark: number | undefined): mark is number {
  return mark !== undefined && mark !== GIVEN_UP
}

/**
 * Waits for a process that has marked a spend, until it has kept what that brought, or must have died: a second attempt
 * before that would end the grant.
 */
export async function awaitSibling(
  { home, stale }: { readonly home: TokenHome; readonly stale: string },
  { wait, spendTimeout }: SiblingOptions,
): Promise<void> {
  const patience = PATIENCE * spendTimeout
  const until = performance.now() + patience
  while (performance.now() < until) {
    await wait(Math.min(PAUSE, patience / 10))
    const state = await home.read()
    if (!isPending(state?.spendStartedAt) || state?.tokens.accessToken !== stale) return
  }
}
