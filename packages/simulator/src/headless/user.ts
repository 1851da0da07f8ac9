import { OAuthError } from '../http/oauth-error.ts'
import { newSecretId } from '../ids.ts'
import type { App, Site, User } from '../state.ts'
import { addUser } from '../users/new-user.ts'
import { type EndpointContext, orgOf, type World } from '../world.ts'
import { spendOtp, type Verification } from './verifications.ts'

interface Incoming {
  form: URLSearchParams
  app: App
  site: Site
}

/** Who logs in, by the header that tells how. @throws {OAuthError} when the proof is wrong */
export function readHeadlessUser(world: World, context: EndpointContext, incoming: Incoming): User {
  const { site } = incoming
  const kind = context.req.header('auth-request-type')?.toLowerCase()
  if (kind === 'guest') return guestOf(world, context)
  if (kind === 'named-user') return namedUser(world, context, incoming)
  if (kind === 'passwordless-login' && site.headless.offers.includes('passwordlessLogin')) {
    const { username } = verify(world, context, { purpose: 'login', site })
    return requireActive(world.state.users.find((user) => user.username === username))
  }
  if (kind === 'user-registration' && site.headless.offers.includes('registration')) {
    const { newUser } = verify(world, context, { purpose: 'registration', site })
    const user = newUser && addUser(world, context.env.place, newUser)
    if (!user) throw new OAuthError('failed_registration', 'the user could not be created')
    return user
  }
  throw new OAuthError('invalid_request', 'Auth-Request-Type not supported')
}

function namedUser(world: World, context: EndpointContext, { form, app, site }: Incoming): User {
  const [username, password] = credentials(context, { form, app })
  const { org } = context.env.place
  const isMeant = (user: User): boolean =>
    user.username === username || (form.has('login_hint') && user.email === username)
  const user = world.state.users.find((one) => one.orgId === org?.id && one.site === site.path && isMeant(one))
  const isRight = site.headless.offers.includes('passwordLogin') && user?.password === password
  return requireActive(isRight ? user : undefined)
}

/** In the header or, always, in the body; `login_hint` lets people name themselves otherwise. */
function credentials(
  context: EndpointContext,
  { form, app }: Pick<Incoming, 'form' | 'app'>,
): [string | null, string | null] {
  const basic = readBasic(context)
  if (basic && app.codeCredentialsInBodyOnly) {
    throw new OAuthError('invalid_request', 'credentials are accepted in the body only')
  }
  return basic ?? [form.get('login_hint') ?? form.get('username'), form.get('password')]
}

/** Base64 and, from Salesforce's own mobile apps, base64url. */
function readBasic(context: EndpointContext): [string, string] | undefined {
  const [, encoded] = /^Basic +(\S+)$/i.exec(context.req.header('authorization') ?? '') ?? []
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  if (colon < 1) throw new OAuthError('invalid_basic_auth_header', 'invalid basic auth header')
  return [text.slice(0, colon), text.slice(colon + 1)]
}

function verify(
  world: World,
  context: EndpointContext,
  { purpose, site }: { purpose: Verification['purpose']; site: Site },
): Verification {
  const [identifier, otp] = readBasic(context) ?? []
  const method = context.req.header('auth-verification-type')?.toLowerCase()
  if (identifier === undefined || otp === undefined || method === undefined) {
    throw new OAuthError('invalid_request', 'identifier, one-time password or Auth-Verification-Type is missing')
  }
  return spendOtp(
    world,
    otp,
    (one) =>
      one.identifier === identifier && one.purpose === purpose && one.method === method && one.sitePath === site.path,
  )
}

function requireActive(user: User | undefined): User {
  if (!user) throw new OAuthError('login_error', 'invalid user credentials')
  if (!user.active) throw new OAuthError('inactive_user', 'user is inactive')
  return user
}

/** Every site has one user for all its guests; nobody can log in as it. */
function guestOf(world: World, { env: { place } }: EndpointContext): User {
  if (!place.org || !place.site) throw new OAuthError('invalid_request', 'request not supported on this domain')
  const username = `${place.site.path.toLowerCase()}.guest@${orgOf(world, { orgId: place.org.id }).myDomain}.invalid`
  const known = world.state.users.find((user) => user.username === username)
  const guest =
    known ??
    addUser(world, place, {
      username,
      password: newSecretId(),
      lastName: 'Site Guest User',
      profile: 'Guest',
      userType: 'Guest',
    })
  if (!guest) throw new OAuthError('server_error', 'the guest user could not be created')
  return guest
}
