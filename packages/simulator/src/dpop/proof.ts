import { createHash, createHmac } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import { OAuthError } from '../http/oauth-error.ts'
import type { World } from '../world.ts'

/** What discovery announces. */
export const dpopAlgorithms: readonly string[] = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

export interface ProofUse {
  proof: string
  method: string
  /** As addressed; a query does not matter. */
  url: string
  /** Whether the proof has to hold the server's nonce. */
  needsNonce: boolean
  /** The access token that comes with it, at anything but the token endpoint. */
  accessToken?: string
}

const lifetimeSeconds = 300
const clockSkewSeconds = 60
const nonceSlot = 300_000

/**
 * The thumbprint of the key that a proof proves.
 * @throws {OAuthError} invalid_dpop_proof or use_dpop_nonce
 */
export async function verifyProof(world: World, use: ProofUse): Promise<string> {
  const { payload, jwk } = await readProof(world, use.proof)
  const { htm, htu, ath, nonce, jti } = payload
  if (htm !== use.method || typeof htu !== 'string' || plainUrl(htu) !== plainUrl(use.url)) {
    throw invalidProof('the proof is for another request')
  }
  if (use.accessToken !== undefined && ath !== createHash('sha256').update(use.accessToken).digest('base64url')) {
    throw invalidProof('the proof is for another access token')
  }
  if (use.needsNonce && !isNonceFresh(world, nonce)) {
    throw new OAuthError('use_dpop_nonce', 'Authorization server requires nonce in DPoP proof')
  }
  const thumbprint = await calculateJwkThumbprint(jwk)
  remember(world, `${thumbprint} ${String(jti)}`)
  return thumbprint
}

export function invalidProof(description: string): OAuthError {
  return new OAuthError('invalid_dpop_proof', description)
}

export function currentNonce(world: World): string {
  return nonceAt(world, 0)
}

async function readProof(world: World, proof: string) {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: [...dpopAlgorithms],
      requiredClaims: ['jti', 'htm', 'htu', 'iat'],
      maxTokenAge: lifetimeSeconds,
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(world.clock.now()),
    })
    if (!protectedHeader.jwk) throw new Error('no key')
    return { payload, jwk: protectedHeader.jwk }
  } catch {
    throw invalidProof('the proof is malformed, wrongly signed or too old')
  }
}

function plainUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

/** Made from the time, so that nothing has to be stored: one serves from five to ten minutes. */
function nonceAt({ state, clock }: World, slotsAgo: number): string {
  const slot = Math.floor(clock.now() / nonceSlot) - slotsAgo
  return createHmac('sha256', state.formSecret).update(`dpop ${slot}`).digest('base64url')
}

function isNonceFresh(world: World, nonce: unknown): boolean {
  return nonce === nonceAt(world, 0) || nonce === nonceAt(world, 1)
}

function remember({ state: { proofIds }, clock }: World, id: string): void {
  const now = clock.now()
  for (const [known, forgetAt] of proofIds) {
    if (forgetAt >= now) break
    proofIds.delete(known)
  }
  if (proofIds.has(id)) throw invalidProof('the proof was used before')
  proofIds.set(id, now + (lifetimeSeconds + 2 * clockSkewSeconds) * 1000)
}
