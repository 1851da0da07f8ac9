import { z } from 'zod'
import type { HeadlessService } from '../headless/settings.ts'
import { spendOtp, startVerification } from '../headless/verifications.ts'
import { answerAsJson } from '../http/json-refusal.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { json } from '../http/response-format.ts'
import { newSecretId } from '../ids.ts'
import type { Site, User } from '../state.ts'
import { findBearer } from '../tokens/bearer.ts'
import type { EndpointContext, World } from '../world.ts'

const method = z.enum(['email', 'sms'])
const recaptcha = {
  recaptcha: z.string().optional(),
  recaptchaevent: z.looseObject({ token: z.string() }).optional(),
}
const loginBody = z.looseObject({ username: z.string().min(1), verificationmethod: method, ...recaptcha })
const registrationBody = z.looseObject({
  userdata: z.looseObject({
    firstName: z.string().optional(),
    lastName: z.string().min(1),
    email: z.email(),
    username: z.email(),
  }),
  password: z.string().min(8).optional(),
  verificationmethod: method.default('email'),
  ...recaptcha,
})
const passwordBody = z.looseObject({
  username: z.string().min(1),
  otp: z.string().optional(),
  newpassword: z.string().min(8).optional(),
  ...recaptcha,
})

const scopes: Readonly<Record<Exclude<HeadlessService, 'passwordLogin'>, string>> = {
  passwordlessLogin: 'pwdless_login_api',
  registration: 'user_registration_api',
  forgotPassword: 'forgot_password',
}

/** Sends a code to somebody who wants to log in with it. */
export async function initPasswordlessLogin(world: World, context: EndpointContext): Promise<Response> {
  return serve(world, context, {
    service: 'passwordlessLogin',
    body: loginBody,
    work: ({ site, body }) => {
      const user = findMember(world, site, body.username)
      if (!user?.active) throw new OAuthError('login_error', 'there is no such user')
      const { identifier } = startVerification(world, {
        purpose: 'login',
        username: user.username,
        method: body.verificationmethod,
        sitePath: site.path,
      })
      return { identifier }
    },
  })
}

/** Sends a code to somebody new; the user is made when it comes back. */
export async function initRegistration(world: World, context: EndpointContext): Promise<Response> {
  return serve(world, context, {
    service: 'registration',
    body: registrationBody,
    work: ({ site, body }) => {
      const { username, email, firstName, lastName } = body.userdata
      const isTaken = world.state.users.some((user) => user.username.toLowerCase() === username.toLowerCase())
      if (isTaken) throw new OAuthError('registration_error', 'the username is taken')
      const { identifier } = startVerification(world, {
        purpose: 'registration',
        username,
        method: body.verificationmethod,
        sitePath: site.path,
        newUser: {
          username,
          email,
          lastName,
          profile: 'Customer Community User',
          ...(firstName !== undefined && { firstName }),
          password: body.password ?? newSecretId(),
        },
      })
      return { identifier, email }
    },
  })
}

/** Without a code sends one, with one sets the new password. */
export async function forgotPassword(world: World, context: EndpointContext): Promise<Response> {
  return serve(world, context, {
    service: 'forgotPassword',
    body: passwordBody,
    work: ({ site, body }) => {
      const { username, otp, newpassword } = body
      const user = findMember(world, site, username)
      if (otp === undefined) {
        // Who has an account here is nobody's business: the answer is the same without one.
        if (user) startVerification(world, { purpose: 'password', username, method: 'email', sitePath: site.path })
        return {}
      }
      if (newpassword === undefined) throw new OAuthError('invalid_request', 'missing required parameter: newpassword')
      spendOtp(
        world,
        otp,
        (one) => one.purpose === 'password' && one.username === username && one.sitePath === site.path,
      )
      if (user) user.password = newpassword
      return {}
    },
  })
}

interface Service<T> {
  service: Exclude<HeadlessService, 'passwordLogin'>
  body: z.ZodType<T>
  work: (given: { site: Site; body: T }) => Record<string, string>
}

interface Protected {
  recaptcha?: string | undefined
  recaptchaevent?: { token: string } | undefined
}

async function serve<T extends Protected>(
  world: World,
  context: EndpointContext,
  { service, body: schema, work }: Service<T>,
): Promise<Response> {
  return answerAsJson(world, context, {
    fault: 'headless',
    work: async () => {
      const { site } = context.env.place
      if (!site?.headless.offers.includes(service))
        throw new OAuthError('invalid_request', 'not supported on this site')
      await requireToken(world, context, { site, service })
      const given = schema.safeParse(await readJson(context))
      if (!given.success) throw new OAuthError('invalid_request', faultOf(given.error))
      const body = given.data
      const isHuman = Boolean(body.recaptcha ?? body.recaptchaevent?.token)
      if (site.headless.requireRecaptcha.includes(service) && !isHuman) {
        throw new OAuthError('invalid_request', 'recaptcha verification failed')
      }
      return json(context, work({ site, body }))
    },
  })
}

async function requireToken(
  world: World,
  context: EndpointContext,
  { site, service }: { site: Site; service: Exclude<HeadlessService, 'passwordLogin'> },
): Promise<void> {
  if (!site.headless.requireToken.includes(service)) return
  const bearer = await findBearer(world, context, new URLSearchParams())
  if (bearer instanceof Response) throw new OAuthError('invalid_token', 'this site needs an access token')
  if (!bearer.token.approval.scopes.includes(scopes[service])) {
    throw new OAuthError('invalid_scope', `scope ${scopes[service]} is missing`)
  }
}

async function readJson(context: EndpointContext): Promise<unknown> {
  try {
    return await context.req.json()
  } catch {
    throw new OAuthError('invalid_request', 'the body is no JSON')
  }
}

function faultOf({ issues }: z.ZodError): string {
  const path = issues[0]?.path.join('.') ?? ''
  return path === '' ? 'the body is no JSON object' : `missing or invalid parameter: ${path}`
}

function findMember(world: World, site: Site, username: string): User | undefined {
  return world.state.users.find((user) => user.username === username && user.site === site.path)
}
