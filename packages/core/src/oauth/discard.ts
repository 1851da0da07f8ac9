import { isSalesforceAuthError } from '../errors/errors.ts'
import type { LoginHost } from '../org/hosts.ts'
import type { Members } from './answer.ts'
import type { Client } from './client.ts'
import { revokeToken } from './revoke.ts'

const RETRIES = 3

interface Pinned {
  readonly client: Client
  readonly login: LoginHost
}

/**
 * Revokes a token that nobody will use any more, at the host it was made at. Never fails; tries a few times, and says
 * whether it worked.
 */
export async function discard(client: Client, { base }: LoginHost, token: string): Promise<boolean> {
  for (let attempt = 0; ; attempt++) {
    try {
      await revokeToken(client, base, token)
      return true
    } catch (error) {
      if (attempt === RETRIES || !isSalesforceAuthError(error) || !error.retryable) {
        const message = `A token could not be revoked. ${String(error)}`
        client.log({ level: 'warn', event: 'revoke/failed', message })
        return false
      }
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt))
    }
  }
}

/**
 * Revokes behind the caller's back what an answer brought that is thrown away. Of a renewal that is only a refresh
 * token in place of the spent one: the spent one may live, and an access token dies by itself.
 */
export function discardAnswer({ client, login }: Pinned, answer: Members, spent?: string): void {
  const { refresh_token: refresh, access_token: access } = answer
  const token = isText(refresh) || spent !== undefined ? refresh : access
  if (isText(token) && token !== spent) void discard(client, login, token)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
