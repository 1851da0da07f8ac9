import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  assetToken,
  codeAndCredentials,
  samlAssertion,
  samlBearer,
  startForgotPassword,
  startPasswordlessLogin,
} from '../../src/flows/index.ts'
import { isSalesforceAuthError, openTokenEndpoint, publicClient } from '../../src/index.ts'
import type { TokenEndpoint } from '../../src/index.ts'

const SITE = 'https://acme.my.site.com/help'
const REDIRECT_URI = 'https://app.example/cb'
const ACCOUNT = { username: 'eve@client.example', password: 'pass-phrase-of-eve' }

/** A site that gives one answer to everything. */
function answering(text: string, init: ResponseInit = {}): TokenEndpoint {
  const fetch = async (): Promise<Response> => new Response(text, init)
  return openTokenEndpoint({ loginUrl: SITE, clientId: '3MVG9', clientAuthentication: publicClient(), fetch })
}

/** What an attempt ends with: a value, or an error of this kit that tells no secret. Anything else fails the test. */
async function outcome<T>(attempt: Promise<T>): Promise<T | undefined> {
  try {
    return await attempt
  } catch (error) {
    if (!isSalesforceAuthError(error) || JSON.stringify(error).includes('pass-phrase')) throw error
    return undefined
  }
}

const MEMBERS = 'access_token expires_in code sfdc_community_url identifier error error_description __proto__'.split(
  ' ',
)
const VALUES = ['a.b.c', 'aPrxCode==', SITE, 'https://evil.example', '1e999', '-5', '', 'invalid_grant']
const value = fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 2 }))
const usable = { access_token: 'a.b.c', code: 'aPrxCode==', identifier: '0Xx1' }
const members = fc
  .tuple(fc.boolean(), fc.dictionary(fc.constantFrom(...MEMBERS), value, { maxKeys: 3 }))
  .map(([begunWell, answer]) => JSON.stringify({ ...(begunWell && usable), ...answer }))
const body = fc.oneof({ weight: 4, arbitrary: members }, fc.string(), fc.json())
const status = fc.constantFrom(200, 200, 200, 201, 400, 401, 403, 404, 429, 500, 503)

describe('whatever is answered', () => {
  it('to an asset token request becomes a JWT with a finite end, or a typed error', async () => {
    let accepted = 0
    const property = fc.asyncProperty(body, status, async (text, code) => {
      const grant = { accessToken: 'pass-phrase', actorToken: 'a.b.c' }
      const token = await outcome(assetToken(answering(text, { status: code }), grant))
      if (token === undefined) return
      accepted += 1
      expect(token.token.split('.')).toHaveLength(3)
      expect(token.expiresAt === undefined || Number.isFinite(token.expiresAt)).toBe(true)
    })
    const endless = JSON.stringify({ ...usable, access_token: 'a.b.c', expires_in: Number.MAX_VALUE })
    await fc.assert(property, { numRuns: 800, examples: [[endless, 200]] })
    expect(accepted).toBeGreaterThan(5)
  })

  it('to a headless login becomes a code for the site itself, or a typed error', async () => {
    let accepted = 0
    const location = fc.oneof(
      fc.string({ unit: 'grapheme-ascii' }),
      fc.webUrl(),
      fc.webQueryParameters().map((query) => `${REDIRECT_URI}?${query}`),
      fc.constant(`${REDIRECT_URI}?code=c`),
    )
    const redirect = location.map((target) => ({ status: 302, headers: { location: encodeURI(target) } }))
    const init = fc.oneof(
      status.map((code) => ({ status: code })),
      redirect,
    )
    const property = fc.asyncProperty(body, init, async (text, how) => {
      const grant = { ...ACCOUNT, redirectUri: REDIRECT_URI }
      const code = await outcome(codeAndCredentials(answering(text, how), grant))
      if (code === undefined) return
      accepted += 1
      expect(code.code).toMatch(/./s)
      expect(code.endpoint.login.origin).toBe('https://acme.my.site.com')
    })
    await fc.assert(property, { numRuns: 800 })
    expect(accepted).toBeGreaterThan(5)
  })

  it('to the headless services becomes a challenge, nothing, or a typed error', async () => {
    const property = fc.asyncProperty(body, status, async (text, code) => {
      const challenge = await outcome(
        startPasswordlessLogin(answering(text, { status: code }), { username: 'eve', method: 'sms' }),
      )
      expect(challenge === undefined || challenge.identifier.length > 0).toBe(true)
      expect(await outcome(startForgotPassword(answering(text, { status: code }), { username: 'eve' }))).toBeUndefined()
    })
    await fc.assert(property, { numRuns: 500 })
  })
})

describe('whatever is given as a SAML document', () => {
  const markup = fc.constantFrom(
    '<saml:Assertion ',
    '<samlp:Response>',
    '<!--',
    '<?xml ',
    '<![CDATA[',
    '&a;',
    '<!DOCTYPE x>',
    '</',
    '>',
    '-->',
  )
  const xml = fc.array(fc.oneof(markup, fc.string()), { maxLength: 12 }).map((parts) => parts.join(''))
  const document = fc.oneof(
    xml,
    xml.map((text) => Buffer.from(text).toString('base64')),
    fc.string({ unit: 'binary' }),
  )
  const tokens = JSON.stringify({ access_token: '00D!t', instance_url: 'https://acme.my.salesforce.com' })

  it('is sent, or refused with a typed error', async () => {
    const property = fc.asyncProperty(document, async (text) => {
      const endpoint = answering(tokens)
      const answers = await Promise.all([
        outcome(samlBearer(endpoint, { assertion: text })),
        outcome(samlAssertion(endpoint, { response: text })),
      ])
      for (const answer of answers) expect([undefined, '00D!t']).toContain(answer?.accessToken)
    })
    await fc.assert(property, { numRuns: 800 })
  })

  it('is judged in a moment, however long it is', async () => {
    const long = [
      '<'.repeat(1e6),
      `<${'a'.repeat(1e6)}`,
      `<!--${'-'.repeat(1e6)}`,
      `<?xml ${' '.repeat(1e6)}`,
      'A'.repeat(1e6),
    ]
    const start = performance.now()
    for (const text of long) expect(await outcome(samlBearer(answering(tokens), { assertion: text }))).toBeUndefined()
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
