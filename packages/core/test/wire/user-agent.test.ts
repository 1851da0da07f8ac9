import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseUserAgentFragment, userAgentUrl } from '../../src/flows/index.ts'
import type { UserAgentRequest } from '../../src/flows/index.ts'
import {
  CallbackError,
  ConfigError,
  createDpopKey,
  OAuthError,
  openTokenEndpoint,
  publicClient,
  SalesforceAuthError,
  TokenError,
} from '../../src/index.ts'
import type { TokenSet } from '../../src/index.ts'
import { openWire, REDIRECT_URI } from './wire.ts'
import type { Wire } from './wire.ts'

const state = 'state-of-this-login'
const username = 'ada@acme.example'
let wire: Wire

beforeAll(async () => {
  wire = await openWire()
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

const address = (request: Partial<UserAgentRequest> = {}): URL =>
  userAgentUrl(wire.endpoint(), { redirectUri: REDIRECT_URI, state, ...request })
const parse = (text: string, expected = state): TokenSet =>
  parseUserAgentFragment(text, { endpoint: wire.endpoint(), state: expected })
const comeBack = (request?: Partial<UserAgentRequest>): Promise<URL> => wire.sim.signIn(address(request), { username })

function failureOf(act: () => unknown): SalesforceAuthError {
  try {
    act()
  } catch (error) {
    if (error instanceof SalesforceAuthError) return error
    throw error
  }
  throw new Error('The call was expected to fail.')
}

describe('the address that starts the login', () => {
  it('asks for tokens, and always carries a state', () => {
    const { origin, pathname, searchParams } = address()
    expect(origin + pathname).toBe(`${wire.sim.org().url}/services/oauth2/authorize`)
    const { clientId } = wire.sim.app()
    const usual = { response_type: 'token', client_id: clientId, redirect_uri: REDIRECT_URI, state }
    expect(Object.fromEntries(searchParams)).toEqual(usual)
  })

  it('carries what else was asked for', () => {
    const more = { nonce: 'n-1', prompt: 'login consent', display: 'touch' } as const
    const { searchParams } = address({
      ...more,
      responseType: 'token id_token',
      scope: ['openid', 'api'],
      loginHint: username,
    })
    expect(Object.fromEntries(searchParams)).toMatchObject({
      ...more,
      response_type: 'token id_token',
      scope: 'openid api',
      login_hint: username,
    })
  })

  it('comes with one warning in the log for each client, which says what to use instead', () => {
    wire.log.length = 0
    const endpoint = wire.endpoint()
    for (const state of ['s-1', 's-2']) userAgentUrl(endpoint, { redirectUri: REDIRECT_URI, state })
    expect(() => parseUserAgentFragment('#error=access_denied&state=s-1', { endpoint, state: 's-1' })).toThrow(
      OAuthError,
    )
    const LEGACY = { level: 'warn', event: 'flow/legacy', flow: 'user-agent' }
    expect(wire.log).toEqual([{ ...LEGACY, message: expect.stringMatching(/address bar.*PKCE/) }])
    expect(() => parse('#error=access_denied&state=s-1', 's-1')).toThrow(OAuthError)
    expect(wire.log).toMatchObject([LEGACY, LEGACY])
  })

  it('is not made without a state, nor an ID token asked for without a nonce', () => {
    expect(failureOf(() => address({ state: '' }))).toBeInstanceOf(ConfigError)
    const failure = failureOf(() => address({ responseType: 'token id_token' }))
    expect(failure).toBeInstanceOf(ConfigError)
    expect(failure.message).toMatch(/^nonce: is missing/)
  })
})

describe('what comes back is read', () => {
  it('from the whole address, its fragment with or without the mark', async () => {
    const { sim } = wire
    const callback = await comeBack()
    const tokens = parse(callback.href)
    expect(tokens).toMatchObject({
      accessToken: expect.stringMatching(/^00D[A-Za-z0-9]{12}![A-Za-z0-9._]{96}$/),
      tokenType: 'Bearer',
      instanceUrl: sim.org().url,
      identity: { orgId: sim.org().id },
      scope: expect.arrayContaining(['api']),
      issuedAt: expect.any(Number),
      expirySource: 'unknown',
    })
    expect(tokens).not.toHaveProperty('refreshToken')
    expect(sim.tokenState(tokens.accessToken)).toBe('active')
    expect(parse(callback.hash)).toEqual(tokens)
    expect(parse(callback.hash.slice(1))).toEqual(tokens)
  })

  it('with an ID token when asked for one', async () => {
    const callback = await comeBack({ responseType: 'token id_token', scope: ['openid', 'api'], nonce: 'n-1' })
    expect(parse(callback.href).idToken).toMatch(/^eyJ/)
  })

  it('with web sessions from hybrid_token', async () => {
    const { clientId } = wire.sim.app()
    wire.sim.updateApp(clientId, { scopes: ['openid', 'id', 'api', 'web', 'lightning'] })
    const callback = await comeBack({ responseType: 'hybrid_token' })
    expect(parse(callback.href).hybrid).toMatchObject({
      sidCookieName: expect.any(String),
      lightning: { domain: expect.stringMatching(/^[\w.:-]+$/), sid: expect.any(String) },
    })
  })
})

describe('a refusal is named', () => {
  it('when the person denies', async () => {
    const callback = await wire.sim.signIn(address(), { username, deny: true })
    const failure = failureOf(() => parse(callback.href))
    expect(failure).toBeInstanceOf(OAuthError)
    expect(failure).toMatchObject({ code: 'oauth/access_denied', hint: expect.stringMatching(/\w{4}/) })
  })

  it.each(['#', '?'])('where it stands behind a %s', (mark) => {
    const answer = 'error=oauth_flow_disabled&error_description=user-agent%20flow%20has%20been%20disabled'
    const failure = failureOf(() => parse(`myapp:///callback${mark}${answer}&state=${state}`))
    expect(failure).toMatchObject({ code: 'oauth/oauth_flow_disabled', hint: expect.stringMatching(/\w{4}/) })
  })

  it('in the query beside a fragment of somebody else', () => {
    const failure = failureOf(() => parse(`https://app.example/cb?error=access_denied&state=${state}#_=_`))
    expect(failure.code).toBe('oauth/access_denied')
  })

  it('before the tokens that stand beside it are believed', async () => {
    const callback = await comeBack()
    expect(failureOf(() => parse(`${callback.href}&error=access_denied`)).code).toBe('oauth/access_denied')
  })
})

describe('the state is checked first', () => {
  it.each([
    ['tokens with a foreign state', `#access_token=00D!x&instance_url=http://localhost&state=other`],
    ['tokens with a part of it', `#access_token=00D!x&instance_url=http://localhost&state=${state.slice(1)}`],
    ['tokens without one', '#access_token=00D!x&instance_url=http://localhost'],
    ['an error with a foreign state', '?error=access_denied&state=other'],
    ['an error without one', '#error=access_denied'],
    ['nothing', ''],
    ['an address without an answer', 'https://app.example/cb'],
  ])('%s', (_, text) => {
    const failure = failureOf(() => parse(text))
    expect(failure).toBeInstanceOf(CallbackError)
    expect(failure).toMatchObject({ code: 'callback/state-mismatch', hint: expect.stringMatching(/Start the login/) })
  })

  it('and cannot be switched off with an empty one', () => {
    expect(failureOf(() => parse('#access_token=00D!x&state=', ''))).toBeInstanceOf(ConfigError)
  })
})

it('is refused by an endpoint that binds tokens: what came through a browser is bound to nothing', async () => {
  const { sim } = wire
  const { clientId } = sim.app()
  const dpop = { key: await createDpopKey() }
  const clientAuthentication = publicClient()
  const logger = (): void => undefined
  const endpoint = openTokenEndpoint({ loginUrl: sim.org().url, clientId, clientAuthentication, dpop, logger })
  const { href } = await comeBack()
  const failure = failureOf(() => parseUserAgentFragment(href, { endpoint, state }))
  expect(failure).toMatchObject({ code: 'token/not-bound', hint: expect.stringMatching(/dpop/) })
})

describe('what cannot be used is refused', () => {
  const some = `access_token=00D!x&state=${state}`

  it.each([
    ['no access token', `#state=${state}`, 'token/malformed-answer'],
    ['no instance', `#${some}`, 'token/malformed-answer'],
    ['an instance elsewhere', `#${some}&instance_url=https://example.com`, 'token/foreign-instance'],
    [
      'a token no header can carry',
      `#access_token=a%0Ab&instance_url=http://localhost&state=${state}`,
      'token/malformed-answer',
    ],
    ['a parameter twice', `#${some}&access_token=other&instance_url=http://localhost`, 'callback/malformed'],
    ['an endless answer', `#${some}&x=${'x'.repeat(70_000)}`, 'callback/malformed'],
  ])('%s', (_, text, code) => {
    const failure = failureOf(() => parse(text))
    expect(failure.code).toBe(code)
    expect(failure instanceof TokenError || failure instanceof CallbackError).toBe(true)
    expect(failure.message).not.toContain('00D!x')
  })
})
