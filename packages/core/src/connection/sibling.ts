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

/**
 * Waits for a process that has marked a spend, until it has kept what that brought, or must have died: a second attempt
 * before that would end the grant.
 */
export async function awaitSibling(
  { home, stale }: { readonly home: TokenHome; readonly stale: string },
  { wait, spendTimeout }: SiblingOptions,
): Promise<void> {
  const patience = PATIENCE * spendTimeout
  const until = Date.now() + patience
  while (Date.now() < until) {
    await wait(Math.min(PAUSE, patience / 10))
    const state = await home.read()
    if (state?.spendStartedAt === undefined || state.tokens.accessToken !== stale) return
  }
}
