import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type IdentityProvider, type Simulator } from '../src/index.ts'
import { type Answer, callApi, postToken } from './login-story.ts'
import { type AssertionParts, assertionXml, newKeyPair, responseXml, signXml } from './saml-story.ts'

const provider = newKeyPair()
const issuer = 'https://idp.example'
const browserProfile = 'urn:oasis:names:tc:SAML:2.0:profiles:SSO:browser'

let sim: Simulator
beforeEach(() => {
  sim = createSimulator()
  setProvider()
})

const setProvider = (more: Partial<IdentityProvider> = {}): void =>
  sim.updateOrg('Acme', { identityProvider: { issuer, certificate: provider.publicKey, ...more } })

const tokenUrl = (base = sim.org().url): string => `${base}/services/oauth2/token`

const assertion = (changes: Partial<AssertionParts> = {}): string =>
  assertionXml({
    issuer,
    nameId: 'grace@acme.example',
    audience: sim.org().url,
    recipient: tokenUrl(),
    ...changes,
  })

const signedResponse = (changes?: Partial<AssertionParts>): string =>
  signXml(responseXml(assertion(changes)), provider.privateKey, { element: 'Response' })

interface Presented {
  base?: string
  type?: string
  so?: string
}

async function present(xml: string, options: Presented = {}): Promise<{ status: number; body: Answer }> {
  const { base, type = browserProfile, so } = options
  const form = {
    grant_type: 'assertion',
    assertion_type: type,
    assertion: Buffer.from(xml).toString('base64'),
    ...(so !== undefined && { so }),
  }
  return postToken(sim, form, { ...(base !== undefined && { base }) })
}

const explained = (): object => ({
  error: 'invalid_grant',
  error_description: 'invalid assertion',
  error_uri: `${sim.org().url}/setup/secur/SAMLValidationPage.apexp`,
})

describe('the SAML assertion grant', () => {
  it('answers five members for a session that works', async () => {
    const { status, body } = await present(signedResponse())
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['access_token', 'scope', 'instance_url', 'id', 'token_type'])
    expect((await callApi(sim, body['access_token'])).status).toBe(200)
    const headers = { authorization: `Bearer ${body['access_token']}` }
    const userinfo = await sim.fetch(new Request(`${sim.org().url}/services/oauth2/userinfo`, { headers }))
    expect(await userinfo.json()).toMatchObject({ preferred_username: 'grace@acme.example' })
  })

  it('takes a response of which only the assertion is signed', async () => {
    const xml = responseXml(signXml(assertion(), provider.privateKey))
    expect((await present(xml)).status).toBe(200)
  })

  it('takes the login URL as recipient, with and without the org', async () => {
    const { url, id } = sim.org()
    for (const recipient of [url, `${url}?so=${id.slice(0, 15)}`, `${tokenUrl()}?so=${id}`]) {
      expect((await present(signedResponse({ recipient }))).status).toBe(200)
    }
  })

  it('learns the org from so on the generic host', async () => {
    const xml = signedResponse({ recipient: tokenUrl(sim.loginUrl) })
    expect((await present(xml, { base: sim.loginUrl })).status).toBe(400)
    expect((await present(xml, { base: sim.loginUrl, so: sim.org().id.slice(0, 15) })).status).toBe(200)
  })

  it('compares what the setting says: entity id and e-mail address', async () => {
    setProvider({ entityId: 'urn:acme', userField: 'email' })
    sim.updateUser('grace@acme.example', { email: 'grace@mail.example' })
    expect((await present(signedResponse())).body).toEqual(explained())
    expect((await present(signedResponse({ audience: 'urn:acme', nameId: 'grace@mail.example' }))).status).toBe(200)
  })

  it('refuses another assertion type in its own words', async () => {
    const { body } = await present(signedResponse(), { type: 'urn:something' })
    expect(body['error']).toBe('invalid_assertion_type')
  })

  it.each<[string, () => string]>([
    ['unsigned', () => responseXml(assertion())],
    [
      'signed by somebody else',
      () => signXml(responseXml(assertion()), newKeyPair().privateKey, { element: 'Response' }),
    ],
    ['changed', () => signedResponse().replace('grace@', 'ada@')],
    ['from another issuer', () => signedResponse({ issuer: 'https://evil.example' })],
    ['for another audience', () => signedResponse({ audience: 'https://other.example' })],
    ['for another recipient', () => signedResponse({ recipient: 'https://other.example' })],
    ['for nobody known', () => signedResponse({ nameId: 'nobody@acme.example' })],
    ['expired', () => signedResponse({ notOnOrAfter: Date.now() - 200_000 })],
    [
      'a failure',
      () => signXml(responseXml(assertion(), { status: 'Requester' }), provider.privateKey, { element: 'Response' }),
    ],
    ['a bare assertion', () => signXml(assertion(), provider.privateKey)],
    [
      'a forged assertion beside the signed one',
      () =>
        responseXml(signXml(assertion(), provider.privateKey) + assertion({ nameId: 'ada@acme.example', id: '_b' })),
    ],
    [
      'a forged response around the signed one',
      () => responseXml(assertion({ nameId: 'ada@acme.example', id: '_b' }) + signedResponse(), { id: '_r2' }),
    ],
  ])('refuses a response that is %s, and says where to look', async (_what, make) => {
    const { status, body } = await present(make())
    expect([status, body]).toEqual([400, explained()])
  })

  it('does not explain what it cannot read', async () => {
    const { body } = await present('<broken')
    expect(body).toEqual({ error: 'invalid_grant', error_description: 'invalid assertion' })
  })

  it('refuses everything in an org without a provider', async () => {
    sim.updateOrg('Acme', { identityProvider: null })
    expect((await present(signedResponse())).body['error']).toBe('invalid_grant')
  })

  it('refuses inactive people and locked orgs', async () => {
    sim.updateUser('grace@acme.example', { active: false })
    expect((await present(signedResponse())).body['error_description']).toBe('inactive user')
    sim.updateOrg('Acme', { status: 'locked' })
    expect((await present(signedResponse())).body['error']).toBe('inactive_org')
  })

  it('works once where the org remembers assertions', async () => {
    sim.updateOrg('Acme', { samlReplay: 'refused' })
    const xml = signedResponse()
    expect((await present(xml)).status).toBe(200)
    expect((await present(xml)).body).toEqual(explained())
  })

  it('is not for sites', async () => {
    const own = { issuer, certificate: provider.publicKey }
    sim = createSimulator({
      seed: {
        defaults: false,
        orgs: [
          {
            name: 'Acme',
            identityProvider: own,
            sites: [{ name: 'S', path: 's' }],
            users: [{ username: 'grace@acme.example' }],
          },
        ],
      },
    })
    const base = sim.org().sites[0]?.url ?? ''
    expect((await present(signedResponse({ recipient: tokenUrl(base) }), { base })).status).toBe(400)
    expect((await present(signedResponse())).status).toBe(200)
  })
})
