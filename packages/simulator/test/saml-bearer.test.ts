import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { type Answer, logIn, postToken } from './login-story.ts'
import { type AssertionParts, assertionXml, base64url, newKeyPair, type SignOptions, signXml } from './saml-story.ts'

const app = newKeyPair()
const other = newKeyPair()
const grantType = 'urn:ietf:params:oauth:grant-type:saml2-bearer'

let sim: Simulator
beforeEach(() => {
  sim = createSimulator()
  sim.updateApp(sim.app().clientId, {
    certificate: app.publicKey,
    permittedUsers: 'adminApproved',
    permissionSets: ['Integrations'],
  })
})

const tokenUrl = (): string => `${sim.org().url}/services/oauth2/token`

const parts = (changes: Partial<AssertionParts> = {}): AssertionParts => ({
  issuer: sim.app().clientId,
  nameId: 'ada@acme.example',
  audience: sim.loginUrl,
  recipient: tokenUrl(),
  ...changes,
})

const signed = (changes?: Partial<AssertionParts>, options: SignOptions & { key?: string } = {}): string =>
  signXml(assertionXml(parts(changes)), options.key ?? app.privateKey, options)

const present = async (xml: string, base?: string): Promise<{ status: number; body: Answer }> =>
  postToken(sim, { grant_type: grantType, assertion: base64url(xml) }, { ...(base !== undefined && { base }) })

const invalid = { error: 'invalid_grant', error_description: 'invalid assertion' }

describe('the SAML bearer grant', () => {
  it('answers five members: no refresh token, issued_at or signature', async () => {
    const { status, body } = await present(signed())
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['access_token', 'scope', 'instance_url', 'id', 'token_type'])
  })

  it('works without client_id and ignores one', async () => {
    const assertion = base64url(signed())
    const { status } = await postToken(sim, { grant_type: grantType, assertion, client_id: sim.app().clientId })
    expect(status).toBe(200)
  })

  it.each([
    ['sha1', 'sha1'],
    ['sha256', 'sha1'],
    ['sha256', 'sha256'],
  ] as const)('takes an RSA %s signature over a %s digest', async (signature, digest) => {
    expect((await present(signed({}, { signature, digest }))).status).toBe(200)
  })

  it('takes prefixed signatures with inclusive namespaces, as the documented sample has them', async () => {
    const xml = signed({}, { prefix: 'ds', inclusivePrefixes: ['saml', 'xs'] })
    expect(xml).toContain('PrefixList="saml xs"')
    expect((await present(xml)).status).toBe(200)
  })

  it('takes plain base64 as well as base64url', async () => {
    const assertion = Buffer.from(signed()).toString('base64')
    expect((await postToken(sim, { grant_type: grantType, assertion })).status).toBe(200)
  })

  it('works on the generic host with that host as audience and recipient', async () => {
    const recipient = `${sim.loginUrl}/services/oauth2/token`
    expect((await present(signed({ recipient }), sim.loginUrl)).status).toBe(200)
  })

  it.each([
    ['either', true, true],
    ['host', true, false],
    ['tokenEndpoint', false, true],
  ] as const)('with the policy %s takes the right audiences', async (samlAudience, host, endpoint) => {
    sim.updateOrg('Acme', { samlAudience })
    const audienceOk = async (audience: string): Promise<boolean> =>
      (await present(signed({ audience }))).status === 200
    expect(await audienceOk(sim.loginUrl)).toBe(host)
    expect(await audienceOk(tokenUrl())).toBe(endpoint)
  })

  it('refuses another audience in its own words', async () => {
    const { status, body } = await present(signed({ audience: 'https://login.example' }))
    expect(status).toBe(400)
    expect(body).toEqual({ error: 'invalid_grant', error_description: 'Audience validation failed' })
  })

  it('refuses an unknown issuer as an unknown client', async () => {
    expect((await present(signed({ issuer: 'somebody-else' }))).body['error']).toBe('invalid_client_id')
  })

  it.each([
    ['signed with another key', () => signed({}, { key: other.privateKey })],
    ['unsigned', () => assertionXml(parts())],
    ['changed after signing', () => signed().replace('ada@acme.example', 'grace@acme.example')],
    ['expired', () => signed({ notOnOrAfter: Date.now() - 200_000 })],
    ['not yet valid', () => signed({ notBefore: Date.now() + 200_000 })],
    ['for another recipient', () => signed({ recipient: 'https://login.example/services/oauth2/token' })],
    ['for no recipient', () => assertionXml(parts()).replace(/ Recipient="[^"]*"/, '')],
    ['with a DTD', () => `<!DOCTYPE a [<!ENTITY b "c">]>${signed()}`],
    ['no XML', () => 'not an assertion'],
    ['cut short', () => signed().slice(0, -20)],
  ])('refuses an assertion that is %s', async (_what, make) => {
    const { status, body } = await present(make())
    expect(status).toBe(400)
    expect(body).toEqual(invalid)
  })

  it('may be lenient about a missing recipient', async () => {
    sim.updateOrg('Acme', { samlRecipient: 'optional' })
    const xml = assertionXml(parts()).replace(/ Recipient="[^"]*"/, '')
    expect((await present(signXml(xml, app.privateKey))).status).toBe(200)
    expect((await present(signed({ recipient: 'https://login.example' }))).body).toEqual(invalid)
  })

  it('takes an assertion twice, unless the org remembers them', async () => {
    const xml = signed()
    expect((await present(xml)).status).toBe(200)
    expect((await present(xml)).status).toBe(200)
    sim.updateOrg('Acme', { samlReplay: 'refused' })
    expect((await present(xml)).status).toBe(200)
    expect((await present(xml)).body).toEqual(invalid)
  })

  it('allows a clock that is three minutes off, by the simulated time', async () => {
    const xml = signed({ notOnOrAfter: Date.now() + 60_000 })
    sim.clock.advance(200_000)
    expect((await present(xml)).status).toBe(200)
    sim.clock.advance(60_000)
    expect((await present(xml)).body).toEqual(invalid)
  })

  it('refuses everything from an app without a certificate', async () => {
    sim.updateApp(sim.app().clientId, { certificate: null })
    expect((await present(signed())).body).toEqual(invalid)
  })

  it('refuses everything when the flow is off', async () => {
    sim.updateApp(sim.app().clientId, { flows: { samlBearer: false } })
    expect((await present(signed())).body['error']).toBe('oauth_flow_disabled')
  })

  it('refuses scope', async () => {
    const { body } = await postToken(sim, { grant_type: grantType, assertion: base64url(signed()), scope: 'api' })
    expect(body).toEqual({ error: 'invalid_request', error_description: 'scope parameter not supported' })
  })
})

describe('approval for SAML bearer', () => {
  it('refuses people who are neither pre-authorized nor approved the app before', async () => {
    const refused = { error: 'invalid_grant', error_description: "user hasn't approved this consumer" }
    sim.updateApp(sim.app().clientId, { permittedUsers: 'all' })
    expect((await present(signed())).body).toEqual(refused)
    await logIn(sim, { username: 'ada@acme.example' })
    expect((await present(signed())).status).toBe(200)
    expect((await present(signed({ nameId: 'nobody@acme.example' }))).body).toEqual(refused)
  })

  it('refuses people without the profile, and inactive ones', async () => {
    expect((await present(signed({ nameId: 'grace@acme.example' }))).body['error']).toBe('invalid_app_access')
    sim.updateUser('ada@acme.example', { active: false })
    expect((await present(signed())).body['error_description']).toBe('inactive user')
  })
})

describe('signature wrapping', () => {
  const evil = (id = '_evil'): string => assertionXml(parts({ nameId: 'grace@acme.example', id }))
  /** A signed assertion in its two parts: byte for byte what was signed, and the signature. */
  const split = (): { content: string; signature: string } => {
    const xml = signed()
    const signature = /<Signature[\s\S]*<\/Signature>/.exec(xml)?.[0] ?? ''
    return { content: xml.replace(signature, ''), signature }
  }
  const first = (xml: string, child: string): string => xml.replace('<saml:Issuer>', `${child}<saml:Issuer>`)
  const last = (xml: string, child: string): string => xml.replace(/<\/saml:Assertion>$/, `${child}</saml:Assertion>`)

  beforeEach(() => {
    sim.updateApp(sim.app().clientId, { permissionSets: ['Integrations', 'Sales_Insights'] })
  })

  it('is tried with parts that make a valid whole', async () => {
    const { content, signature } = split()
    expect((await present(first(content, signature))).status).toBe(200)
  })

  it.each<[string, () => string]>([
    ['the signed assertion inside a forged one', () => last(evil(), signed())],
    [
      'the signature in a forged one that holds the signed assertion',
      () => {
        const { content, signature } = split()
        return last(first(evil(), signature), content)
      },
    ],
    ['a forged one with the id of the signed one', () => first(evil('_a1'), split().signature)],
    [
      'the signed original inside the signature of a forged one',
      () => {
        const { content, signature } = split()
        return first(evil(), signature.replace('</Signature>', `<Object>${content}</Object></Signature>`))
      },
    ],
    [
      'two signatures',
      () => {
        const { content, signature } = split()
        return first(content, signature + signature)
      },
    ],
  ])('is refused: %s', async (_what, make) => {
    const { status, body } = await present(make())
    expect([status, body]).toEqual([400, invalid])
  })

  it('does not work by a comment that cuts a name short', async () => {
    const xml = assertionXml(parts({ nameId: 'ada@acme.example<!-- x -->.evil.example' }))
    const { body } = await present(signXml(xml, app.privateKey))
    expect(body['error_description']).toBe("user hasn't approved this consumer")
  })
})
