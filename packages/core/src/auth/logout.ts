import type { Exchange } from '../http/exchange.ts'
import type { SessionRecord } from '../session/session.ts'
import type { Kit } from './kit.ts'

/**
 * Ends a session in this browser and process at once, and the grant at Salesforce behind the reply: a logout never
 * waits for, or fails with, the revocation.
 */
export async function endSession(kit: Kit, exchange: Exchange, record: SessionRecord): Promise<void> {
  const { config, hooks, sessions, refresher } = kit
  const home = sessions.tokens(exchange, record)
  try {
    await sessions.end(exchange, record)
  } catch (error) {
    config.log({
      level: 'warn',
      event: 'logout/store-failed',
      message: `A session could not be deleted. ${String(error)}`,
    })
  }
  const { sid, tokens, login } = record
  const revocation = refresher.retire(home, async (newest) => {
    // A renewal in another process may have written the session back: what it got dies too.
    if (newest !== undefined) await sessions.end(exchange, record)
    await kit.discard(login, newest ?? tokens)
  })
  // Without the lock the newest tokens are out of reach; the ones at hand die at least.
  const work = revocation.catch(() => kit.discard(login, tokens))
  exchange.waitUntil?.(work)
  try {
    await hooks.onLogout?.({ sessionId: sid, ...tokens.identity })
  } catch (error) {
    config.log({ level: 'error', event: 'hook/failed', message: `onLogout threw: ${String(error)}` })
  }
}
