import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { type Answer, authorizeUrl, callback, credentials, obtainCode, postToken } from './login-story.ts'

const scopes = ['api', 'refresh_token', 'web', 'lightning', 'visualforce', 'content']
const cookieMembers = ['cookie-clientSrc', 'cookie-sid_Client', 'sidCookieName']
const allMembers = [
  'content_domain',
  'content_sid',
  ...cookieMembers,
  'csrf_token',
  'lightning_domain',
  'lightning_sid',
  'visualforce_domain',
  'visualforce_sid',
].toSorted()
const ordinary = ['access_token', 'id', 'instance_url', 'issued_at', 'scope', 'signature', 'state', 'token_type']

let sim: Simulator
let id: string
beforeEach(() => {
  sim = createSimulator({ seed: { apps: [{ label: 'Mobile', callbackUrls: [callback], scopes }] } })
  id = sim.app('Mobile').clientId
})

function extras(answer: Answer): string[] {
  return Object.keys(answer)
    .filter((name) => !ordinary.includes(name) && name !== 'refresh_token' && name !== 'token_format')
    .toSorted()
}

async function redeem(scope: string): Promise<{ status: number; body: Answer }> {
  const code = await obtainCode(sim, { clientId: id, params: { scope } })
  return postToken(sim, { ...code, grant_type: 'hybrid_auth_code' })
}

async function renew(token: string | undefined): Promise<{ status: number; body: Answer }> {
  const client = credentials(sim, id)
  return postToken(sim, { grant_type: 'hybrid_refresh', refresh_token: token ?? '', ...client })
}

describe('hybrid_auth_code', () => {
  it('adds sessions and cookies by scope', async () => {
    const { body } = await redeem(scopes.join(' '))
    expect(extras(body)).toEqual(allMembers)
    expect(body['lightning_domain']).toMatch(/^[a-z0-9.-]+$/)
    expect(sim.tokenState(body['content_sid'] ?? '')).toBe('active')
    expect(extras((await redeem('api web')).body)).toEqual(cookieMembers)
    expect(extras((await redeem('api lightning')).body)).toEqual([])
  })

  it('gives what the plain grant gives beside', async () => {
    const { body } = await redeem('api web refresh_token')
    expect(Object.keys(body)).toEqual(
      expect.arrayContaining(['access_token', 'refresh_token', 'signature', 'issued_at', 'id']),
    )
  })

  it('adds a session for cookies when the access token is a JWT, but not together with rotation', async () => {
    sim.updateApp(id, { jwtAccessTokens: true })
    const { body } = await redeem('api web refresh_token')
    expect(extras(body)).toEqual([...cookieMembers, 'parent_sid'].toSorted())
    sim.updateApp(id, { refreshTokenRotation: true })
    expect((await redeem('api web')).body['error']).toBe('invalid_grant')
    expect((await renew(body['refresh_token'])).body['error']).toBe('invalid_grant')
    expect(sim.tokenState(body['refresh_token'] ?? '')).toBe('active')
  })

  it('checks the code as the plain grant does', async () => {
    const code = await obtainCode(sim, { clientId: id, params: { scope: 'api' } })
    const { body } = await postToken(sim, { ...code, grant_type: 'hybrid_auth_code', code_verifier: 'w'.repeat(43) })
    expect(body['error_description']).toBe('invalid code verifier')
  })

  it('and hybrid_refresh are refused where the flow is off', async () => {
    const { body } = await redeem('api web refresh_token')
    sim.updateApp(id, { flows: { hybrid: false } })
    expect((await redeem('api web')).body['error']).toBe('oauth_flow_disabled')
    expect((await renew(body['refresh_token'])).body['error']).toBe('oauth_flow_disabled')
  })
})

describe('hybrid_refresh', () => {
  it('renews the sessions, too, and the refresh token only where the app rotates', async () => {
    const { body: first } = await redeem('api web lightning refresh_token')
    const { body: second } = await renew(first['refresh_token'])
    expect(extras(second)).toEqual([...cookieMembers, 'csrf_token', 'lightning_domain', 'lightning_sid'].toSorted())
    expect(second['lightning_sid']).not.toBe(first['lightning_sid'])
    expect(second).not.toHaveProperty('refresh_token')
    sim.updateApp(id, { refreshTokenRotation: true })
    const { body: third } = await renew(first['refresh_token'])
    expect(sim.tokenState(third['refresh_token'] ?? '')).toBe('active')
    expect((await renew(first['refresh_token'])).body['error_description']).toBe('expired access/refresh token')
  })
})

describe('response_type=hybrid_token', () => {
  it('brings sessions and tokens in the fragment', async () => {
    const params = { response_type: 'hybrid_token', scope: 'api web lightning', code_challenge: null }
    const back = await sim.signIn(authorizeUrl(sim, { clientId: id, params }))
    const members = Object.fromEntries(new URLSearchParams(back.hash.slice(1)))
    expect(extras(members)).toEqual([...cookieMembers, 'csrf_token', 'lightning_domain', 'lightning_sid'].toSorted())
    expect(members['state']).toBe('s1')
  })
})
