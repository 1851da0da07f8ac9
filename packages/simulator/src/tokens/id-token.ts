import { createHash } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Approval } from '../authorization/approvals.ts'
import type { App, User } from '../state.ts'
import { standardClaims } from '../users/person.ts'
import { identityUrl, type World } from '../world.ts'

interface IdTokenOptions {
  app: App
  user: User
  accessToken: string
  nonce?: string
}

/** `iss` is where the login ended, `sub` a URL on the generic host, `aud` one string even with extra audiences. */
export async function signIdToken(world: World, approval: Approval, options: IdTokenOptions): Promise<string> {
  const { app, user, accessToken, nonce } = options
  const key = await world.keys.release()
  const iat = Math.floor(world.clock.now() / 1000)
  const digest = createHash('sha256').update(accessToken).digest()
  const claims = {
    at_hash: digest.subarray(0, digest.length / 2).toString('base64url'),
    sub: identityUrl(world, user),
    ...(app.idTokenStandardClaims && standardClaims(world, user)),
    aud: [app.clientId, ...app.idTokenAudiences].join(','),
    iss: approval.issuer,
    exp: iat + Math.floor(app.idTokenLifetime / 1000),
    iat,
    ...(nonce !== undefined && { nonce }),
    ...(Object.keys(app.customAttributes).length > 0 && { custom_attributes: app.customAttributes }),
  }
  return new SignJWT(claims).setProtectedHeader({ kid: key.kid, typ: 'JWT', alg: 'RS256' }).sign(key.privateKey)
}
