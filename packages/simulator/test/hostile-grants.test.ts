import { generateKeyPairSync, sign as signBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSimulator } from '../src/index.ts'
import { Browser } from './browser.ts'
import { authorizeUrl, credentials, post } from './login-story.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const sim = createSimulator()
const id = sim.app().clientId
sim.updateApp(id, { certificate: publicKey.export({ format: 'jwk' }), permittedUsers: 'adminApproved' })

function jws(payload: unknown, header: unknown = { alg: 'RS256' }): string {
  const parts = [header, payload].map((part) => Buffer.from(JSON.stringify(part) ?? '').toString('base64url'))
  return `${parts.join('.')}.${signBytes('sha256', Buffer.from(parts.join('.')), privateKey).toString('base64url')}`
}

const refused = [400, 'string']

async function answerTo(body: Record<string, string>): Promise<[status: number, typeOfError: string]> {
  const response = await post(sim, `${sim.org().url}/services/oauth2/token`, body)
  const answer = (await response.json()) as Record<string, unknown>
  return [response.status, typeof answer['error']]
}

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

describe('whatever is sent', () => {
  it('as a claim or header of a rightly signed assertion, the answer is a refusal', async () => {
    const claims = fc.record({ sub: fc.jsonValue(), aud: fc.jsonValue(), exp: fc.jsonValue(), jti: fc.jsonValue() })
    const property = fc.asyncProperty(claims, fc.jsonValue(), fc.jsonValue(), async (some, prn, crit) => {
      expect(await answerTo({ grant_type: grantType, assertion: jws({ iss: id, ...some, prn }) })).toEqual(refused)
      const good = { iss: id, aud: sim.loginUrl, exp: 32_503_680_000, sub: 'nobody' }
      expect(
        await answerTo({ grant_type: grantType, assertion: jws({ ...good, ...some }, { alg: 'RS256', crit }) }),
      ).toEqual(refused)
    })
    await fc.assert(property, { numRuns: 150 })
  })

  it('as an assertion, a device code or credentials, the answer is a refusal', async () => {
    const property = fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      expect(await answerTo({ grant_type: grantType, assertion: text })).toEqual(refused)
      expect(await answerTo({ grant_type: grantType, assertion: `${text}.${text}.${text}` })).toEqual(refused)
      expect(await answerTo({ grant_type: 'device', client_id: id, code: text })).toEqual(refused)
      expect(await answerTo({ grant_type: 'client_credentials', client_id: id, client_secret: text })).toEqual(refused)
      expect(await answerTo({ grant_type: 'password', ...credentials(sim), username: text, password: text })).toEqual(
        refused,
      )
    })
    await fc.assert(property, { numRuns: 100 })
  })

  it('as a device’s code on the page, the page asks again', async () => {
    const browser = new Browser(sim)
    const entry = await browser.open(`${sim.org().url}/setup/connect`)
    const property = fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      const shown = await browser.submit(entry, { user_code: text })
      expect([shown.status, shown.form?.names.has('user_code')]).toEqual([200, true])
    })
    await fc.assert(property, { numRuns: 100 })
  })
})

describe('an authorize request with the code of a device in it', () => {
  it('leads to the app’s callback, not to the device', async () => {
    const other = createSimulator()
    const back = await other.signIn(authorizeUrl(other, { params: { user_code: 'AAAAAAAA' } }))
    expect(back.searchParams.get('code')).toMatch(/^aPrx/)
  })
})
