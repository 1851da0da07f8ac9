import type { HeldTokens } from '../connection/held-tokens.ts'
import { randomSecret } from '../crypto/pkce.ts'
import type { Exchange } from '../http/exchange.ts'
import type { LoginHost } from '../org/hosts.ts'
import { viewSession } from '../session/session.ts'
import type { SessionRecord } from '../session/session.ts'
import { requireAllowedOrg } from './allowed-org.ts'
import { askHost } from './ask-host.ts'
import type { Kit } from './kit.ts'
import { endSession } from './logout.ts'
import { checkSessionData } from './session-data.ts'

/** What a login came to, checked. */
export interface AcceptedLogin {
  readonly tokens: HeldTokens
  readonly login: LoginHost
  readonly idTokenClaims?: Readonly<Record<string, unknown>>
}

/** Begins a session in this browser, in place of the one that was there. */
export async function beginSession(
  { kit, exchange }: { readonly kit: Kit; readonly exchange: Exchange },
  { tokens, login, idTokenClaims }: AcceptedLogin,
): Promise<void> {
  const { config, sessions, hooks } = kit
  const now = config.now()
  requireAllowedOrg(tokens.identity.orgId, config.allowedOrgs, 'allowedOrgs')
  const record: SessionRecord = {
    sid: randomSecret(),
    login,
    tokens,
    renewals: 0,
    createdAt: now,
    seenAt: now,
    limits: config.limits,
    data: {},
    revision: 0,
  }
  const event = { session: viewSession(record), tokens, ...(idTokenClaims && { idTokenClaims }) }
  const data = await askHost(() => hooks.onLogin?.(event), { code: 'callback/login-refused', name: 'onLogin' })
  const previous = await sessions.open(exchange).catch(() => undefined)
  if (previous !== undefined) await endSession(kit, exchange, previous)
  await sessions.create(exchange, { ...record, data: data === undefined ? {} : checkSessionData(data) })
  config.log({ level: 'info', event: 'login', message: 'A session began.', sessionId: record.sid, ...tokens.identity })
}
