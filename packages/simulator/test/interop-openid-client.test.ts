import * as client from 'openid-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Simulator } from '../src/index.ts'
import { startSimulator } from '../src/index.ts'

const redirectUri = 'http://localhost:3000/auth/callback'
const scope = 'openid id api refresh_token'

let simulator: Simulator

beforeEach(async () => {
  simulator = await startSimulator()
})

afterEach(() => simulator.close())

async function discover(origin: string, authentication?: client.ClientAuth): Promise<client.Configuration> {
  const { clientId, clientSecret } = simulator.app()
  return client.discovery(
    new URL(origin),
    clientId,
    clientSecret,
    authentication ?? client.ClientSecretPost(clientSecret),
    {
      // eslint-disable-next-line typescript/no-deprecated -- marked so to catch the eye; loopback http is what it is for
      execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
    },
  )
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>

async function signIn(config: client.Configuration): Promise<Tokens> {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedNonce = client.randomNonce()
  const expectedState = client.randomState()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const callback = await simulator.signIn(url)
  return client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier,
    expectedNonce,
    expectedState,
    idTokenExpected: true,
  })
}

function subjectOf(tokens: Tokens): string {
  return tokens.claims()?.sub ?? ''
}

describe('openid-client 6, unchanged, against an org host', () => {
  it('discovers, signs in with PKCE and nonce, and verifies the ID token with the published keys', async () => {
    const config = await discover(simulator.org().url)
    const tokens = await signIn(config)
    const { clientId } = simulator.app()
    expect(tokens.claims()).toMatchObject({ iss: simulator.org().url, aud: clientId })
    expect(simulator.tokenState(tokens.access_token)).toBe('active')
    expect(simulator.requests.map(({ path }) => path)).toContain('/id/keys')
    // Salesforce sends no expires_in.
    expect(tokens.expiresIn()).toBeUndefined()
  })

  it('signs in with the secret in Basic authentication', async () => {
    const config = await discover(simulator.org().url, client.ClientSecretBasic(simulator.app().clientSecret))
    expect(simulator.tokenState((await signIn(config)).access_token)).toBe('active')
  })

  it('reads userinfo whose subject is the ID token’s', async () => {
    const config = await discover(simulator.org().url)
    const tokens = await signIn(config)
    const person = await client.fetchUserInfo(config, tokens.access_token, subjectOf(tokens))
    expect(person).toMatchObject({ preferred_username: 'ada@acme.example', organization_id: simulator.org().id })
  })

  it('refreshes', async () => {
    const config = await discover(simulator.org().url)
    const tokens = await signIn(config)
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(renewed.access_token).not.toBe(tokens.access_token)
    expect(simulator.tokenState(renewed.access_token)).toBe('active')
  })

  it('introspects tokens dead and alive', async () => {
    const config = await discover(simulator.org().url)
    const { access_token: token } = await signIn(config)
    expect(await client.tokenIntrospection(config, token)).toMatchObject({ active: true, username: 'ada@acme.example' })
    simulator.expireAccessTokens()
    expect(await client.tokenIntrospection(config, token)).toEqual({ active: false })
  })

  it('revokes', async () => {
    const config = await discover(simulator.org().url)
    const tokens = await signIn(config)
    await client.tokenRevocation(config, tokens.refresh_token ?? '')
    expect(simulator.tokenState(tokens.refresh_token ?? '')).toBe('revoked')
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('reports that the person denied access', async () => {
    const config = await discover(simulator.org().url)
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope,
      state: 'kept',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    })
    const callback = await simulator.signIn(url, { deny: true })
    await expect(
      client.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedState: 'kept' }),
    ).rejects.toMatchObject({
      error: 'access_denied',
    })
  })
})

describe('openid-client 6 against the generic login host', () => {
  it('discovers, but refuses the ID token: Salesforce names the My Domain, where login ended, as its issuer', async () => {
    const config = await discover(simulator.loginUrl)
    await expect(signIn(config)).rejects.toMatchObject({
      cause: { cause: { claim: 'iss', claims: { iss: simulator.org().url } } },
    })
  })
})
