import { createHash, timingSafeEqual } from 'node:crypto'
import { jwtVerify } from 'jose'
import type { Place } from '../http/hosts.ts'
import { OAuthError } from '../http/oauth-error.ts'
import type { App } from '../state.ts'
import { findApp, type World } from '../world.ts'
import { publicKeyOf } from './certificate.ts'
import { isKnownIn } from './policies.ts'
import { flowDisabled } from './policy-check.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export interface ClientRequest {
  place: Place
  form: URLSearchParams
  authorization: string | undefined
}

/** The app behind a token request. `needsSecret` tells whether that app may come without any proof. */
export async function authenticateClient(
  world: World,
  request: ClientRequest,
  needsSecret: (app: App) => boolean,
): Promise<App> {
  const app = identifyClient(world, request)
  await proveClient(world, request, { app, needsSecret: needsSecret(app) })
  return app
}

/** The app that a request names, not yet proved. */
export function identifyClient(world: World, request: ClientRequest): App {
  return requireClient(world, request.place, credentials(request).clientId)
}

/** The app of that client id, if it exists at this place and is switched on. */
export function requireClient(world: World, place: Place, clientId: string | undefined): App {
  const app = findApp(world, clientId ?? '')
  if (!app || !isKnownIn(app, place.org)) throw new OAuthError('invalid_client_id', 'client identifier invalid')
  if (!app.enabled) throw flowDisabled()
  return app
}

/** Checks the proof that came along; even one that was not needed has to be right. */
export async function proveClient(
  world: World,
  request: ClientRequest,
  { app, needsSecret }: { app: App; needsSecret: boolean },
): Promise<void> {
  const { secret } = credentials(request)
  const assertion = request.form.get('client_assertion')
  if (secret !== undefined) {
    if (!isSame(secret, app.clientSecret)) throw invalidClient()
  } else if (assertion !== null) {
    await checkAssertion(world, { ...request, app, assertion })
  } else if (needsSecret) throw invalidClient()
}

function invalidClient(): OAuthError {
  return new OAuthError('invalid_client', 'invalid client credentials')
}

function credentials({ form, authorization }: ClientRequest): { clientId?: string; secret?: string } {
  const clientId = form.get('client_id')
  const secret = form.get('client_secret')
  if (clientId !== null && secret !== null) return { clientId, secret }
  if (authorization !== undefined && /^basic(?: |$)/i.test(authorization)) return basicCredentials(authorization)
  const fromAssertion = form.get('client_assertion')
  const id = clientId ?? (fromAssertion === null ? undefined : unverifiedIssuer(fromAssertion))
  return { ...(id !== undefined && { clientId: id }), ...(secret !== null && { secret }) }
}

function basicCredentials(authorization: string): { clientId: string; secret: string } {
  const text = Buffer.from(authorization.slice(6).trim(), 'base64').toString()
  const colon = text.indexOf(':')
  if (colon < 1) throw new OAuthError('invalid_basic_auth_header', 'invalid basic auth header')
  return { clientId: formDecoded(text.slice(0, colon)), secret: formDecoded(text.slice(colon + 1)) }
}

/** RFC 6749 has both halves form-encoded; most clients send them as they are. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function unverifiedIssuer(assertion: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString())
    return typeof claims === 'object' && claims !== null && 'iss' in claims ? String(claims.iss) : undefined
  } catch {
    return undefined
  }
}

interface AssertionCheck extends ClientRequest {
  app: App
  assertion: string
}

async function checkAssertion(world: World, { app, assertion, form, place }: AssertionCheck): Promise<void> {
  if (form.get('client_assertion_type') !== assertionType || app.certificate === null) throw invalidClient()
  const audience = [
    place.base,
    `${place.base}/services/oauth2/token`,
    world.hosts.loginUrl,
    world.hosts.sandboxLoginUrl,
  ]
  try {
    await jwtVerify(assertion, publicKeyOf(app.certificate), {
      algorithms: ['RS256'],
      issuer: app.clientId,
      subject: app.clientId,
      audience,
      requiredClaims: ['exp'],
      currentDate: new Date(world.clock.now()),
    })
  } catch {
    throw invalidClient()
  }
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
