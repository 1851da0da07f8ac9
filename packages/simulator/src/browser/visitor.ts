import { randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import { OAuthError } from '../http/oauth-error.ts'
import type { App } from '../state.ts'
import { findLive } from '../tokens/tokens.ts'
import type { World } from '../world.ts'

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/**
 * The visitor's id (UVID) that a headless login carries: from a hint, which is a UUID or a guest's token, either one
 * plain or after a word that says which. A guest without one gets a new one.
 * @throws {OAuthError} when the hint is neither, or the app issues no JWTs that could carry it
 */
export async function readVisitor(
  world: World,
  app: App,
  { hint, isGuest }: { hint: string | null; isGuest: boolean },
): Promise<string | undefined> {
  if (hint === null && !isGuest) return undefined
  if (!app.jwtAccessTokens) throw new OAuthError('invalid_request', 'the app does not issue JWT-based access tokens')
  if (hint === null) return randomUUID()
  const value = hint.replace(/^(?:UVID|JWT) +/i, '').trim()
  if (uuid.test(value)) return value
  const live = findLive(world, value)
  const { uvid } = live?.token.kind === 'access' && value.includes('.') ? tryDecode(value) : {}
  if (typeof uvid !== 'string') throw new OAuthError('invalid_request', 'invalid UVID hint')
  return uvid
}

function tryDecode(token: string): Record<string, unknown> {
  try {
    return decodeJwt(token)
  } catch {
    return {}
  }
}
