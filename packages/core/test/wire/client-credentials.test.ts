import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clientCredentials } from '../../src/flows/index.ts'
import { clientSecretBasic, clientSecretPost, ConfigError, openTokenEndpoint } from '../../src/index.ts'
import type { Fetch } from '../../src/index.ts'
import { breakdowns, listenBriefly } from './breakdowns.ts'
import { failureOf, oauthFailure, refusal, tokenRefusals, transportFailure } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

let wire: Wire

beforeAll(async () => {
  wire = await openWire()
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

describe('the secret is traded', () => {
  it('with one POST that names grant and client, and no scope', async () => {
    const { sim } = wire
    await clientCredentials(wire.endpoint())
    const { clientId, clientSecret } = sim.app()
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: sim.org().url,
      target: '/services/oauth2/token',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      form: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, format: 'json' },
    })
  })

  it('in a Basic header as well', async () => {
    const { clientId, clientSecret } = wire.sim.app()
    await clientCredentials(wire.endpoint({ authenticate: clientSecretBasic(clientSecret) }))
    expect(lastSent(wire)).toMatchObject({ headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` } })
    expect(lastSent(wire).form).toEqual({ grant_type: 'client_credentials', format: 'json' })
  })

  it('for an access token of the Run As user, with the scopes that need no person', async () => {
    const { sim } = wire
    const tokens = await clientCredentials(wire.endpoint())
    expect(tokens).toEqual({
      accessToken: expect.stringMatching(/^00D[A-Za-z0-9]{12}![A-Za-z0-9._]{96}$/),
      tokenType: 'Bearer',
      instanceUrl: sim.org().url,
      identity: { orgId: sim.org().id, userId: expect.stringMatching(/^005\w{15}$/) },
      identityUrl: expect.stringMatching(`/id/${sim.org().id}/005`),
      scope: expect.arrayContaining(['api']),
      issuedAt: expect.any(Number),
      expirySource: 'unknown',
      signature: { value: expect.stringMatching(/^[\w+/]{43}=$/), issuedAt: String(tokens.issuedAt) },
    })
    for (const scope of ['full', 'web', 'refresh_token']) expect(tokens.scope).not.toContain(scope)
    expect(sim.tokenState(tokens.accessToken)).toBe('active')
  })
})

describe('a generic login host is refused', () => {
  it.each(['https://login.salesforce.com', 'https://test.salesforce.com'])('before the call: %s', async (loginUrl) => {
    const fetch: Fetch = () => Promise.reject(new Error('Nothing may be sent.'))
    const clientAuthentication = clientSecretPost('secret')
    const endpoint = openTokenEndpoint({ loginUrl, clientId: '3MVG9', clientAuthentication, fetch })
    const failure = await failureOf(clientCredentials(endpoint))
    expect(failure).toBeInstanceOf(ConfigError)
    expect(failure).toMatchObject({
      code: 'config/invalid',
      message: expect.stringContaining(loginUrl),
      hint: expect.stringContaining('My Domain'),
    })
  })

  it('by Salesforce itself where its name does not tell', async () => {
    const error = await oauthFailure(clientCredentials(wire.endpoint({ base: wire.sim.loginUrl })))
    expect(error).toMatchObject({ code: 'oauth/invalid_grant', hint: expect.stringContaining('My Domain') })
    expect(error.description).toBe('request not supported on this domain')
  })
})

describe('a refusal that a policy provokes is named', () => {
  const under = (policies: Parameters<Wire['sim']['updateApp']>[1]) => async () => {
    wire.sim.updateApp(wire.sim.app().clientId, policies)
    return clientCredentials(wire.endpoint())
  }
  const as = (authenticate: ReturnType<typeof clientSecretPost>, clientId?: string) => () =>
    clientCredentials(wire.endpoint({ authenticate, ...(clientId !== undefined && { clientId }) }))

  it.each([
    ['no Run As user', ['oauth/invalid_grant', /no client credentials user enabled/], under({ runAs: null })],
    [
      'no usable scope',
      ['oauth/invalid_grant', /no valid scopes/],
      under({ scopes: ['full', 'web', 'refresh_token'] }),
    ],
    ['a flow that is off', ['oauth/invalid_grant', /not enabled/], under({ flows: { clientCredentials: false } })],
    ['a disabled app', ['oauth/oauth_flow_disabled', /disabled/], under({ enabled: false })],
    [
      'a Run As user not approved',
      ['oauth/invalid_app_access', /admin approved/],
      under({ permittedUsers: 'adminApproved' }),
    ],
    ['a deactivated Run As user', ['oauth/invalid_grant', /inactive user/], deactivated],
    ['a wrong secret', ['oauth/invalid_client', /invalid client credentials/], as(clientSecretPost('wrong'))],
    ['an unknown app', ['oauth/invalid_client_id', /identifier invalid/], as(clientSecretPost('x'), '3MVG9nobody')],
  ] as const)('%s', async (_, [code, description], act) => {
    const error = await oauthFailure(act())
    expect(error).toMatchObject({ code, httpStatus: 400, retryable: false })
    expect(error.description).toMatch(description)
    expect(error.hint).toMatch(/\w{4}/)
  })

  async function deactivated(): Promise<unknown> {
    wire.sim.updateUser('ada@acme.example', { active: false })
    return clientCredentials(wire.endpoint())
  }
})

describe('every documented refusal has its code, hint and verdict', () => {
  it.each([
    refusal('oauth/invalid_grant', 'no client credentials user enabled', { hint: /Run As/ }),
    refusal('oauth/invalid_grant', 'no valid scopes defined', { hint: /Selected OAuth Scopes/ }),
    refusal('oauth/invalid_grant', 'client credentials flow not enabled', { hint: /Enable/ }),
    refusal('oauth/invalid_grant', 'request not supported on this domain', { hint: /My Domain/ }),
    ...tokenRefusals,
  ])('$error: $description', async ({ error, description, code, ...verdict }) => {
    wire.sim.faults.next('token', { error, description })
    const failure = await oauthFailure(clientCredentials(wire.endpoint()))
    expect(failure).toMatchObject({ code, error, description, httpStatus: 400 })
    expect(failure.hint).toMatch(verdict.hint)
    expect(failure.needsLogin).toBe(verdict.needsLogin ?? false)
    expect(failure.retryable).toBe(verdict.retryable ?? false)
  })
})

describe('no usable answer', () => {
  it.each(breakdowns)('from a server that $name → $code', async ({ listener, code, retryable }) => {
    await using server = await listenBriefly(listener)
    const failure = await transportFailure(clientCredentials(wire.endpoint({ base: server.url, timeout: 300 })))
    expect(failure).toMatchObject({ code, retryable, sent: true })
  })
})
