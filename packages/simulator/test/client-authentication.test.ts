import { generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { logIn, obtainCode, postToken } from './login-story.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const certificate = publicKey.export({ type: 'spki', format: 'pem' }).toString()

let sim: Simulator
let id: string
beforeEach(() => {
  sim = createSimulator()
  id = sim.app().clientId
})

async function redeem(
  changes: Record<string, string | undefined>,
  headers: Record<string, string> = {},
): Promise<string> {
  const { client_id: clientId, client_secret: _, ...rest } = await obtainCode(sim)
  const all = Object.entries({ client_id: clientId, ...rest, ...changes })
  const body = new URLSearchParams(all.filter((pair): pair is [string, string] => pair[1] !== undefined))
  const url = `${sim.org().url}/services/oauth2/token`
  const response = await sim.fetch(new Request(url, { method: 'POST', body, headers }))
  const answer = (await response.json()) as Record<string, string>
  return response.ok ? 'ok' : `${response.status} ${answer['error']}`
}

const basic = (text: string): Record<string, string> => ({ authorization: `Basic ${btoa(text)}` })

describe('a confidential client', () => {
  it.each([
    ['its secret in the body', () => [{ client_secret: sim.app().clientSecret }], 'ok'],
    ['nothing', () => [{}], '400 invalid_client'],
    ['HTTP Basic', () => [{ client_id: undefined }, basic(`${id}:${sim.app().clientSecret}`)], 'ok'],
    ['HTTP Basic with a wrong secret', () => [{}, basic(`${id}:nope`)], '400 invalid_client'],
    ['HTTP Basic without a colon', () => [{}, basic('nothing')], '400 invalid_basic_auth_header'],
    ['both, of which the body counts', () => [{ client_secret: sim.app().clientSecret }, basic('x:y')], 'ok'],
  ] as [string, () => [Record<string, string | undefined>, Record<string, string>?], string][])(
    'with %s',
    async (_what, given, outcome) => {
      expect(await redeem(...given())).toBe(outcome)
    },
  )
})

describe('a public client', () => {
  it('needs no secret, but a wrong one is still refused', async () => {
    sim.updateApp(id, { secretRequired: false })
    expect(await redeem({})).toBe('ok')
    expect(await redeem({ client_secret: 'wrong' })).toBe('400 invalid_client')
  })

  it('needs one to refresh unless that switch is off, too', async () => {
    const { refresh_token: token = '' } = await logIn(sim)
    const refresh = async (): Promise<number> =>
      (await postToken(sim, { grant_type: 'refresh_token', refresh_token: token, client_id: id })).status
    sim.updateApp(id, { secretRequired: false })
    expect(await refresh()).toBe(400)
    sim.updateApp(id, { secretRequiredForRefresh: false })
    expect(await refresh()).toBe(200)
  })
})

describe('private_key_jwt', () => {
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

  async function assertion(claims: Record<string, unknown> = {}, alg = 'RS256'): Promise<string> {
    const now = Math.floor(sim.clock.now() / 1000)
    const all = { iss: id, sub: id, aud: `${sim.org().url}/services/oauth2/token`, exp: now + 60, ...claims }
    const key = alg === 'HS256' ? Buffer.from(certificate) : privateKey
    return new SignJWT(all).setProtectedHeader({ alg }).sign(key)
  }

  beforeEach(() => sim.updateApp(id, { certificate }))

  it('takes a token endpoint or a login host as audience', async () => {
    for (const aud of [`${sim.org().url}/services/oauth2/token`, sim.org().url, sim.loginUrl]) {
      expect(await redeem({ client_assertion_type: type, client_assertion: await assertion({ aud }) })).toBe('ok')
    }
  })

  it('needs no client_id beside it', async () => {
    const changes = { client_id: undefined, client_assertion_type: type, client_assertion: await assertion() }
    expect(await redeem(changes)).toBe('ok')
  })

  it.each([
    ['another issuer', async () => assertion({ iss: 'x' })],
    ['another subject', async () => assertion({ sub: 'x' })],
    ['another audience', async () => assertion({ aud: 'https://login.example' })],
    ['an end in the past', async () => assertion({ exp: 1 })],
    ['no end', async () => assertion({ exp: undefined })],
    ['the HS256 algorithm', async () => assertion({}, 'HS256')],
    ['the RS512 algorithm', async () => assertion({}, 'RS512')],
    ['garbage', async () => 'a.b.c'],
  ])('refuses %s', async (_what, make) => {
    expect(await redeem({ client_assertion_type: type, client_assertion: await make() })).toBe('400 invalid_client')
  })

  it('refuses a missing type, and any assertion for an app without certificate', async () => {
    expect(await redeem({ client_assertion: await assertion() })).toBe('400 invalid_client')
    sim.updateApp(id, { certificate: null })
    const changes = { client_assertion_type: type, client_assertion: await assertion() }
    expect(await redeem(changes)).toBe('400 invalid_client')
  })
})
