import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose'
import { publicKeyOf } from '../apps/certificate.ts'
import type { Place } from '../http/hosts.ts'
import { verifyAssertion } from '../saml/assertion.ts'
import { checkValidity, decodeDocument } from '../saml/checks.ts'
import type { User } from '../state.ts'
import { addUser } from '../users/new-user.ts'
import type { World } from '../world.ts'
import type { SubjectTokenKind, TokenExchangeHandler } from './token-exchange-handler.ts'

interface Incoming {
  token: string
  kind: SubjectTokenKind
  handler: TokenExchangeHandler
  place: Place
}

type Claims = Readonly<Record<string, unknown>>

const asymmetric = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/** Whom a handler finds behind the token of another provider; nobody if it does not trust the token. */
export async function subjectOf(world: World, incoming: Incoming): Promise<User | undefined> {
  const { handler, kind, place } = incoming
  if (handler.tokenTypes?.includes(kind) === false) return undefined
  const claims = await readClaims(world, incoming)
  const name = claims?.[handler.userClaim ?? 'sub']
  if (!claims || typeof name !== 'string') return undefined
  const field = handler.userField ?? 'username'
  const isHere = (user: User): boolean => user.orgId === place.org?.id && user.site === place.site?.path
  const known = world.state.users.find((user) => isHere(user) && user[field] === name)
  if (known || !handler.canCreateUsers || !place.org) return known
  return createSubject(world, incoming, { claims, name })
}

async function readClaims(world: World, { token, kind, handler }: Incoming): Promise<Claims | undefined> {
  const { opaqueTokens = {} } = handler
  if (Object.hasOwn(opaqueTokens, token)) return opaqueTokens[token]
  try {
    return kind === 'saml2' ? readAssertion(world, token, handler) : await readJwt(world, token, handler)
  } catch {
    return undefined
  }
}

async function readJwt(world: World, token: string, handler: TokenExchangeHandler): Promise<JWTPayload | undefined> {
  const { certificate, jwks, issuer, audience } = handler
  const options: JWTVerifyOptions = {
    requiredClaims: ['exp'],
    currentDate: new Date(world.clock.now()),
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  }
  if (jwks) {
    const keys = createLocalJWKSet({ keys: [...jwks.keys] } as JSONWebKeySet)
    return (await jwtVerify(token, keys, { ...options, algorithms: asymmetric })).payload
  }
  if (!certificate) return undefined
  return (await jwtVerify(token, publicKeyOf(certificate), { ...options, algorithms: ['RS256'] })).payload
}

function readAssertion(world: World, token: string, handler: TokenExchangeHandler): Claims | undefined {
  const { certificate, issuer, audience } = handler
  if (!certificate) return undefined
  const assertion = verifyAssertion(decodeDocument(token), publicKeyOf(certificate))
  checkValidity(world, assertion, undefined)
  const isForUs = audience === undefined || assertion.audiences.includes(audience)
  const isFromIssuer = issuer === undefined || assertion.issuer === issuer
  return isForUs && isFromIssuer ? { sub: assertion.nameId, iss: assertion.issuer } : undefined
}

/** Salesforce inserts the user that the handler makes of the claims; a username has to look like one. */
function createSubject(
  world: World,
  { handler, place }: Incoming,
  { claims, name }: { claims: Claims; name: string },
): User | undefined {
  const text = (claim: string): string | undefined => {
    const value = claims[claim]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const username = name.includes('@') ? name : text('email')
  if (!username || !place.org) return undefined
  const firstName = text('given_name')
  const lastName = text('family_name')
  const email = text('email')
  return addUser(world, place, {
    username,
    ...(email !== undefined && { email }),
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
    ...(handler.profile !== undefined && { profile: handler.profile }),
  })
}
