import { compactVerify, decodeJwt, decodeProtectedHeader, importJWK, type JWK, SignJWT } from 'jose'
import { requireFlow, requireUse } from '../apps/policy-check.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { recordAsset } from '../rest/assets.ts'
import type { App, User } from '../state.ts'
import type { TokenAnswer } from '../tokens/answer.ts'
import { findLive, slide } from '../tokens/tokens.ts'
import { findApp, identityUrl, orgOf, serves, type World } from '../world.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const parameters: readonly string[] = ['subject_token', 'subject_token_type', 'actor_token_type']
export const wants = (form: URLSearchParams): boolean => form.has('actor_token')

const tokenType = 'urn:ietf:params:oauth:token-type:'

type Claims = Readonly<Record<string, unknown>>

/** A device's own token: the subject token says for whom, the actor token what the device is. */
export async function handle(world: World, { form, place, address }: GrantRequest): Promise<TokenAnswer> {
  requireTypes(form)
  const live = findLive(world, form.get('subject_token') ?? '')
  const app = live && findApp(world, live.token.approval.clientId)
  if (!app || live.token.kind !== 'access' || !serves(place, orgOf(world, live.user))) {
    throw new OAuthError('invalid_grant', 'invalid subject token')
  }
  const { scopes } = live.token.approval
  requireFlow(app, 'assetToken')
  if (!scopes.includes('api') && !scopes.includes('full')) throw new OAuthError('invalid_scope', 'scope api is missing')
  requireUse(world, { app, user: live.user, address })
  const actor = await readActor(world, form.get('actor_token') ?? '')
  if (!recordAsset(world, live.user, actor)) throw new OAuthError('invalid_request', 'asset could not be registered')
  slide(world, live.token)
  return {
    access_token: await sign(world, { app, user: live.user, actor, issuer: place.org ? place.base : undefined }),
    issued_token_type: `${tokenType}jwt`,
    token_type: 'Bearer',
    expires_in: app.assetTokenLifetime / 1000,
  }
}

function requireTypes(form: URLSearchParams): void {
  const isKind = (name: string, kind: string): boolean => form.get(name)?.toLowerCase() === tokenType + kind
  if (!isKind('subject_token_type', 'access_token') || !isKind('actor_token_type', 'jwt')) {
    throw new OAuthError('invalid_request', 'token type not supported')
  }
}

/** Signed with the key it names in `cnf`, or, naming none, not at all. */
async function readActor(world: World, token: string): Promise<Claims> {
  const refused = new OAuthError('invalid_grant', 'invalid actor token')
  try {
    const claims = decodeJwt(token)
    const { alg } = decodeProtectedHeader(token)
    const jwk = confirmedKey(claims)
    if (jwk && alg !== undefined) await compactVerify(token, await importJWK(jwk, alg))
    else if (alg !== 'none') throw refused
    if (claims.exp !== undefined && claims.exp * 1000 <= world.clock.now()) throw refused
    return claims
  } catch {
    throw refused
  }
}

function confirmedKey({ cnf }: Claims): JWK | undefined {
  const jwk: unknown = typeof cnf === 'object' && cnf !== null && 'jwk' in cnf ? cnf.jwk : undefined
  if (typeof jwk !== 'object' || jwk === null) return undefined
  // A shared secret would let anybody who reads the token sign as the device.
  if (!('kty' in jwk) || jwk.kty === 'oct' || 'd' in jwk) throw new Error('The key is no public one.')
  return jwk as JWK
}

interface Content {
  app: App
  user: User
  actor: Claims
  issuer: string | undefined
}

async function sign(world: World, { app, user, actor, issuer }: Content): Promise<string> {
  const org = orgOf(world, user)
  const key = await world.keys.org(org)
  const iat = Math.floor(world.clock.now() / 1000)
  const claims = {
    ...(actor['did'] !== undefined && { did: actor['did'] }),
    ...(actor['cnf'] !== undefined && { cnf: actor['cnf'] }),
    sub: identityUrl(world, user),
    aud: app.assetTokenAudiences.length > 0 ? [...app.assetTokenAudiences] : [app.clientId],
    iss: issuer ?? world.hosts.orgUrl(org.id),
    iat,
    exp: iat + app.assetTokenLifetime / 1000,
    ...(Object.keys(app.customAttributes).length > 0 && { custom_attributes: app.customAttributes }),
  }
  return new SignJWT(claims).setProtectedHeader({ kid: key.kid, typ: 'JWT', alg: 'RS256' }).sign(key.privateKey)
}
