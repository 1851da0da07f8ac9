import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Approval } from '../authorization/approvals.ts'
import { orgOf, type World } from '../world.ts'
import { inServerOrder } from './scopes.ts'

const clockSkewSeconds = 15

/** Salesforce's own dialect: `scp` is one string, `sub` is `uid:…`, `typ` is plain JWT. */
export async function signAccessToken(world: World, approval: Approval, expiresAt: number): Promise<string> {
  const org = orgOf(world, approval)
  const key = await world.keys.org(org)
  const myDomain = world.hosts.orgUrl(org.id)
  const iat = Math.floor(world.clock.now() / 1000)
  const claims = {
    scp: inServerOrder(approval.scopes).join(' '),
    aud: [myDomain],
    sub: `uid:${approval.userId}`,
    nbf: iat - clockSkewSeconds,
    mty: 'oauth',
    sfi: randomBytes(32).toString('hex'),
    roles: [],
    iss: myDomain,
    hsc: false,
    exp: Math.floor(expiresAt / 1000),
    iat,
    client_id: approval.clientId,
    ...(approval.uvid !== undefined && { uvid: approval.uvid }),
  }
  return new SignJWT(claims)
    .setProtectedHeader({
      tnk: `core/simulator/${org.id}`,
      ver: '1.0',
      kid: key.kid,
      tty: 'sfdc-core-token',
      typ: 'JWT',
      alg: 'RS256',
    })
    .sign(key.privateKey)
}
