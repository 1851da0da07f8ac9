import { createAgent } from '@orgpass/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { OAUTH_ERRORS } from '../../src/errors/codes.ts'
import { OAuthError } from '../../src/errors/errors.ts'
import { findOAuthHint, OAUTH_HINTS, UNRECOGNIZED_HINT } from '../../src/errors/hints.ts'
import type { AnswerPlace } from '../../src/errors/hints/hint.ts'
import { authorizationCode, startForgotPassword } from '../../src/flows/index.ts'
import { introspectToken, registerClient, revokeToken } from '../../src/index.ts'
import { startApp } from '../wire/app.ts'
import type { App } from '../wire/app.ts'
import { oauthFailure } from '../wire/refusals.ts'
import { openWire, REDIRECT_URI } from '../wire/wire.ts'
import type { Wire } from '../wire/wire.ts'
import { pairs } from './pairs.ts'
import type { Pair } from './pairs.ts'

const flags = { login: [true, false], retry: [false, true], fix: [false, false] } as const
let wire: Wire
let app: App

beforeAll(async () => {
  const sites = [{ name: 'Customers', path: 'customers' }]
  wire = await openWire({ orgs: [{ name: 'Umbrella', sites, users: [{ username: 'uma@umbrella.example' }] }] })
  const { clientId, clientSecret } = wire.sim.app()
  app = await startApp(async () => ({ clientId, clientSecret, loginUrl: wire.sim.org().url }))
})
afterEach(() => wire.sim.reset())
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await wire.close()
})

/** One call at each place that answers with an error object. */
const calls: Record<Exclude<AnswerPlace, 'authorize'>, () => Promise<unknown>> = {
  token: () => authorizationCode(wire.endpoint(), { code: 'c', redirectUri: REDIRECT_URI, codeVerifier: 'v' }),
  introspect: () => introspectToken({ client: wire.client(), base: wire.sim.org().url }, 'token'),
  revoke: () => revokeToken(wire.client(), wire.sim.org().url, 'token'),
  headless: () =>
    startForgotPassword(wire.endpoint({ base: wire.sim.org('Umbrella').sites[0]?.url ?? '' }), { username: 'u' }),
  register: () =>
    registerClient(wire.endpoint(), {
      initialAccessToken: 'token',
      clientName: 'A gateway',
      redirectUris: [REDIRECT_URI],
    }),
}

type Case = Pair extends readonly [unknown, ...infer Rest] ? Rest : never
const at = (place: AnswerPlace): Case[] =>
  pairs.filter(([places]) => places.includes(place)).map(([, ...answer]) => answer)
const fault = (error: string, description: string | undefined): { error: string; description?: string } => ({
  error,
  ...(description !== undefined && { description }),
})

describe.each(['token', 'introspect', 'revoke', 'headless', 'register'] as const)('the %s endpoint', (place) => {
  it.each(at(place))('answers %s: %s, which leads to %s', async (...[error, description, fate, hint]) => {
    wire.sim.faults.next(place, fault(error, description))
    const failure = await oauthFailure(calls[place]())
    expect(failure).toMatchObject({ code: `oauth/${error}`, error, httpStatus: 400 })
    expect([failure.needsLogin, failure.retryable]).toEqual(flags[fate])
    expect(failure.hint).toMatch(hint)
    expect(failure.message).toMatch(/^Salesforce answered "[^"]+"\. [A-Z].+\.$/)
  })
})

describe('a login that comes back', () => {
  it.each(at('authorize'))('with %s: %s says what to change', async (...[error, description, fate, hint]) => {
    const agent = createAgent(app.url)
    const away = (await agent.get('/auth/login')).headers.get('location') ?? ''
    wire.sim.faults.next('authorize', fault(error, description))
    const response = await agent.get((await wire.sim.signIn(away)).href)
    const code = error === 'access_denied' ? 'callback/denied' : 'callback/refused'
    const [needsLogin, retryable] = flags[fate]
    expect([response.status, await response.json()]).toMatchObject([
      403,
      {
        error: code,
        hint: expect.stringMatching(hint),
        message: expect.stringContaining(error),
        needsLogin,
        retryable,
      },
    ])
  })
})

describe('the catalogue', () => {
  it('has a row for every error that Salesforce is known to answer', () => {
    const named = new Set(OAUTH_HINTS.flatMap(({ on: [names] }) => names))
    expect(OAUTH_ERRORS.filter((error) => !named.has(error))).toEqual([])
  })

  it('has no row that no known answer reaches', () => {
    const grants = [undefined, ...OAUTH_HINTS.flatMap((row) => row.grants ?? [])]
    const reached = new Set(
      pairs.flatMap(([, error, description]) => grants.map((grant) => findOAuthHint(error, description, grant))),
    )
    expect(OAUTH_HINTS.filter((row) => !reached.has(row))).toEqual([])
  })

  it('lists under each row only answers that lead to it', () => {
    const astray = OAUTH_HINTS.flatMap((row) =>
      row.answers.filter((answer) => {
        const [error = '', ...description] = answer.split(': ')
        return findOAuthHint(error, description.join(': '), row.grants?.[0]) !== row
      }),
    )
    expect(astray).toEqual([])
  })

  it('tells causes and hints in full sentences, and names no row twice', () => {
    const unfinished = OAUTH_HINTS.filter(({ cause, hint }) => !cause.endsWith('.') || !hint.endsWith('.'))
    expect(unfinished).toEqual([])
    const answers = OAUTH_HINTS.flatMap((row) => row.answers.map((answer) => `${answer} ${String(row.grants)}`))
    expect(new Set(answers).size).toBe(answers.length)
  })

  it('says where to look for an error that stands in no row', async () => {
    wire.sim.faults.next('token', { error: 'brand_new_error', description: 'what is this' })
    expect(await oauthFailure(calls.token())).toMatchObject({
      code: 'oauth/unrecognized',
      error: 'brand_new_error',
      description: 'what is this',
      hint: UNRECOGNIZED_HINT,
      needsLogin: false,
    })
  })

  it('does not take an error for another one that it contains', () => {
    expect(findOAuthHint('invalid_grant_extra')).toBeUndefined()
    expect(findOAuthHint('toString')).toBeUndefined()
    expect(new OAuthError({ error: 'constructor', description: undefined }).code).toBe('oauth/unrecognized')
  })
})
