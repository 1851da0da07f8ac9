import { compactVerify, decodeJwt } from 'jose'
import { publicKeyOf } from '../apps/certificate.ts'
import { requireClient } from '../apps/client-authentication.ts'
import { requireFlow, requireUse } from '../apps/policy-check.ts'
import { requireApproval, requireSubject } from '../authorization/pre-approval.ts'
import type { Place } from '../http/hosts.ts'
import { OAuthError } from '../http/oauth-error.ts'
import type { App } from '../state.ts'
import { createTokenAnswer, type TokenAnswer, without } from '../tokens/answer.ts'
import { countLogin } from '../users/logins.ts'
import { orgOf, serves, type World } from '../world.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
export const parameters: readonly string[] = ['assertion']

const clockSkew = 180_000

type Claims = Readonly<Record<string, unknown>>

/** Never a refresh token, and unlike every other grant neither `issued_at` nor `signature`. */
export async function handle(world: World, { form, place, address }: GrantRequest): Promise<TokenAnswer> {
  const assertion = form.get('assertion') ?? ''
  const claims = readClaims(assertion)
  const app = requireClient(world, place, text(claims['iss']))
  requireFlow(app, 'jwtBearer')
  await checkSignature(assertion, app)
  const audience = findAudience(world, place, claims['aud'])
  const expiresAt = readExpiry(world, claims['exp'])
  checkReplay(world, app, { id: claims['jti'], expiresAt })
  // `prn` is the old name of `sub`, and wins.
  const user = requireSubject(world, [place, audience], text(claims['prn'] ?? claims['sub']))
  const limit = orgOf(world, user).jwtMaxLifetime
  if (limit !== null && expiresAt > world.clock.now() + limit) throw invalidAssertion()
  requireUse(world, { app, user, address })
  const approval = requireApproval(world, { app, user, place })
  countLogin(world, user)
  const answer = await createTokenAnswer(world, approval, { refreshToken: false, idToken: false })
  return without(answer, ['issued_at', 'signature'])
}

function invalidAssertion(): OAuthError {
  return new OAuthError('invalid_grant', 'invalid assertion')
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function readClaims(assertion: string): Claims {
  try {
    return decodeJwt(assertion)
  } catch {
    throw invalidAssertion()
  }
}

async function checkSignature(assertion: string, { certificate }: App): Promise<void> {
  if (certificate === null) throw invalidAssertion()
  try {
    await compactVerify(assertion, publicKeyOf(certificate), { algorithms: ['RS256'] })
  } catch {
    throw invalidAssertion()
  }
}

/** One text with a scheme that names a generic host, a site or, by policy, a My Domain; never a list. */
function findAudience(world: World, place: Place, given: unknown): Place {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined
  const audience = url && world.hosts.find(url, world.state.orgs)
  const isPlain = url?.search === '' && url.hash === '' && url.origin !== 'null' && url.protocol === schemeOf(place)
  const isAllowed =
    audience?.path === '/' &&
    audience.kind !== 'instance' &&
    (audience.kind !== 'org' || audience.org?.jwtAudience === 'anyOwnHost')
  if (!audience || !isPlain || !isAllowed || !goTogether(place, audience))
    throw new OAuthError('invalid_grant', 'audience is invalid')
  return audience
}

/** A sandbox is no audience for production, nor one org for another. */
function goTogether(place: Place, audience: Place): boolean {
  if (place.org) return serves(audience, place.org)
  return audience.org ? serves(place, audience.org) : audience.kind === place.kind
}

function schemeOf(place: Place): string {
  return new URL(place.origin).protocol
}

/** Epoch milliseconds. Seconds may come as text, and may lie as far ahead as the assertion likes. */
function readExpiry(world: World, given: unknown): number {
  const seconds = typeof given === 'string' && /^\d{1,17}$/.test(given) ? Number(given) : given
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) throw invalidAssertion()
  const expiresAt = seconds * 1000
  if (expiresAt < world.clock.now() - clockSkew) throw new OAuthError('invalid_grant', 'expired authorization code')
  return expiresAt
}

/** An assertion with an id works once; one without works until it ends. */
function checkReplay(world: World, app: App, { id, expiresAt }: { id: unknown; expiresAt: number }): void {
  if (id === undefined) return
  const { assertionIds } = world.state
  const now = world.clock.now()
  for (const [known, forgetAt] of assertionIds) if (forgetAt < now) assertionIds.delete(known)
  const key = `${app.clientId} ${text(id) ?? ''}`
  if (typeof id !== 'string' || assertionIds.has(key)) {
    throw new OAuthError('bad_jti_claim', 'the jti claim is malformed or was used before')
  }
  assertionIds.set(key, expiresAt + clockSkew)
}
