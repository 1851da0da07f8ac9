import { TokenError } from '../errors/errors.ts'
import type { Client } from './client.ts'
import type { TokenSet } from './token-set.ts'

const APP_SETTING = 'Setup › External Client App Manager › your app › Settings › OAuth Settings'

/** @throws {TokenError} `token/not-bound` when the app has a key and the tokens are not bound to it. */
export function requireBound(client: Client, tokens: TokenSet): void {
  if (!isUnbound(client, tokens)) return
  const message = "The tokens are not bound to this app's DPoP key: a thief could use them. They were thrown away."
  throw new TokenError('token/not-bound', message, {
    hint: `See whether the org knows DPoP and the app allows or requires it (${APP_SETTING}), and whether a proxy drops the DPoP header. Only flows that go to the token endpoint bind; without the option dpop, unbound tokens are taken.`,
  })
}

/** For a renewal, whose answer may hold the only living refresh token: it is kept, and the log says so. */
export function warnOfUnbound(client: Client, tokens: TokenSet): void {
  if (!isUnbound(client, tokens)) return
  const message = `A renewed token is not bound to this app's DPoP key; it was kept, because its grant would be lost otherwise. Grants older than the option dpop stay like this until the person logs in again. If this one is not: ${APP_SETTING}.`
  client.log({ level: 'warn', event: 'refresh/not-bound', message })
}

function isUnbound({ dpop }: Client, { tokenType }: TokenSet): boolean {
  return dpop !== undefined && tokenType === 'Bearer'
}
