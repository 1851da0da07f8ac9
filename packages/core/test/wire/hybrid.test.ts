import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hybridAuthCode, hybridRefresh } from '../../src/flows/index.ts'
import type { TokenSet } from '../../src/index.ts'
import { decodeTokenSet } from '../../src/oauth/token-set.ts'
import { codeRefusals, failureOf, oauthFailure, refreshRefusals } from './refusals.ts'
import { lastSent, localHost, openWire, REDIRECT_URI } from './wire.ts'
import type { Wire } from './wire.ts'

const SCOPES = ['openid', 'id', 'api', 'refresh_token', 'web', 'lightning', 'visualforce', 'content']
let wire: Wire

beforeAll(async () => {
  wire = await openWire()
})
beforeEach(() => {
  wire.sim.reset()
  wire.sim.updateApp(wire.sim.app().clientId, { scopes: SCOPES })
})
afterAll(() => wire.close())

const tokensOf = async (scope = SCOPES.join(' ')): Promise<TokenSet> =>
  hybridAuthCode(wire.endpoint(), await wire.code({ scope }))

const domainSession = {
  domain: expect.stringMatching(/^[a-z0-9.:-]+$/) as string,
  sid: expect.stringMatching(/^[\x21-\x7e]+$/) as string,
}

describe('a hybrid code is traded', () => {
  it('with the request of the web server flow, under its own grant type', async () => {
    const { sim } = wire
    const grant = await wire.code()
    await hybridAuthCode(wire.endpoint(), grant)
    const { clientId, clientSecret } = sim.app()
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: sim.org().url,
      target: '/services/oauth2/token',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      form: {
        grant_type: 'hybrid_auth_code',
        code: grant.code,
        redirect_uri: REDIRECT_URI,
        code_verifier: grant.codeVerifier,
        client_id: clientId,
        client_secret: clientSecret,
        format: 'json',
      },
    })
  })

  it('for tokens and a session of each kind of page', async () => {
    const tokens = await tokensOf()
    expect(tokens).toMatchObject({ refreshToken: expect.stringMatching(/^5Aep861/), instanceUrl: wire.sim.org().url })
    expect(tokens.hybrid).toEqual({
      sidCookieName: expect.stringMatching(/\w/),
      sidClient: expect.stringMatching(/\w/),
      clientSrc: expect.stringMatching(/\w/),
      csrfToken: expect.stringMatching(/\w/),
      lightning: domainSession,
      visualforce: domainSession,
      content: domainSession,
    })
  })

  it('for the sessions whose scopes were granted only', async () => {
    const { hybrid } = await tokensOf('api web visualforce')
    expect(hybrid).toHaveProperty('visualforce')
    expect(hybrid).not.toHaveProperty('lightning')
    expect(hybrid).not.toHaveProperty('csrfToken')
  })

  it('for no sessions by the ordinary grant', async () => {
    expect(await wire.tokens()).not.toHaveProperty('hybrid')
  })

  it('for a session of its own when the access token is a JWT', async () => {
    wire.sim.updateApp(wire.sim.app().clientId, { jwtAccessTokens: true })
    const tokens = await tokensOf()
    expect(tokens.tokenFormat).toBe('jwt')
    expect(tokens.hybrid?.parentSid).toMatch(/^00D/)
  })

  it('for nothing when JWT access tokens meet rotation', async () => {
    wire.sim.updateApp(wire.sim.app().clientId, { jwtAccessTokens: true, refreshTokenRotation: true })
    expect(await oauthFailure(tokensOf())).toMatchObject({ code: 'oauth/invalid_grant' })
  })
})

describe('a hybrid refresh', () => {
  it('sends the refresh token under its own grant type and brings new sessions', async () => {
    const { sim } = wire
    const first = await tokensOf()
    const second = await hybridRefresh(wire.endpoint(), first.refreshToken ?? '')
    const { clientId, clientSecret } = sim.app()
    expect(lastSent(wire).form).toEqual({
      grant_type: 'hybrid_refresh',
      refresh_token: first.refreshToken,
      client_id: clientId,
      client_secret: clientSecret,
      format: 'json',
    })
    expect(second.accessToken).not.toBe(first.accessToken)
    expect(second.hybrid).toMatchObject({ lightning: domainSession, content: domainSession })
  })
})

describe('a documented refusal is named', () => {
  it.each(codeRefusals)('of a code: $error: $description', async ({ error, description, code, hint }) => {
    const grant = { code: 'some', redirectUri: REDIRECT_URI, codeVerifier: 'v'.repeat(43) }
    wire.sim.faults.next('token', { error, description })
    const failure = await oauthFailure(hybridAuthCode(wire.endpoint(), grant))
    expect(failure).toMatchObject({ code, error, description, hint: expect.stringMatching(hint) })
  })

  it.each(refreshRefusals)('of a refresh: $error: $description', async ({ error, description, code, hint }) => {
    wire.sim.faults.next('token', { error, description })
    const failure = await oauthFailure(hybridRefresh(wire.endpoint(), '5AepSome'))
    expect(failure).toMatchObject({ code, error, description, hint: expect.stringMatching(hint) })
  })
})

describe('sessions of pages', () => {
  const login = {
    kind: 'my-domain',
    base: 'https://acme.my.salesforce.com',
    origin: 'https://acme.my.salesforce.com',
  } as const
  const decode = (members: Record<string, unknown>, at: Parameters<typeof decodeTokenSet>[1]['login'] = login) =>
    decodeTokenSet(
      { access_token: '00Dxx!x', instance_url: at.origin, ...members },
      { login: at, trustedHosts: [], now: 0 },
    ).hybrid

  it.each(['acme.lightning.force.com', 'acme--uat.sandbox.lightning.force.com', 'acme.my.salesforce.com'])(
    'are for Salesforce hosts: %s',
    (domain) => {
      expect(decode({ lightning_domain: domain, lightning_sid: 's' })).toEqual({ lightning: { domain, sid: 's' } })
    },
  )

  it.each(['example.com', 'lightning.force.com.example.com', 'https://acme.lightning.force.com', 'localhost'])(
    'are left out for any other: %s',
    (domain) => expect(decode({ lightning_domain: domain, lightning_sid: 's' })).toBeUndefined(),
  )

  it('stay on this machine when the login did', () => {
    const local = localHost('http://localhost:1')
    expect(decode({ content_domain: 'acme.localhost:8101', content_sid: 's' }, local)).toBeDefined()
    expect(decode({ content_domain: 'acme.file.force.com', content_sid: 's' }, local)).toBeUndefined()
  })

  it('reads the name that the help prints, and that of bound tokens', () => {
    expect(decode({ 'cookie-ClientSrc': '203.0.113.1', ui_sid: '00D!u' })).toEqual({
      clientSrc: '203.0.113.1',
      uiSid: '00D!u',
    })
  })

  it.each(['a;b', 'a,b', 'a\nb', 7, {}])('that fit no cookie are refused: %j', async (value) => {
    const attempt = Promise.resolve().then(() => decode({ csrf_token: value }))
    expect(await failureOf(attempt)).toMatchObject({ code: 'token/malformed-answer' })
  })
})
