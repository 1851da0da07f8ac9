import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Simulator } from '../src/index.ts'
import { authorize, basic, codeOf, headlessSimulator, redemption, siteUrl, visitor } from './headless-story.ts'
import { postToken } from './login-story.ts'

let sim: Simulator
beforeEach(() => {
  sim = headlessSimulator()
})

const errorOf = async (response: Response): Promise<unknown> => ((await response.json()) as { error: string }).error

describe('a named user without pages', () => {
  it('gets a code that looks like a token, the site and the state', async () => {
    const response = await authorize(sim, { params: { state: 's1' } })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      code: expect.stringMatching(/^00D\w{12}!/),
      sfdc_community_url: siteUrl(sim),
      sfdc_community_id: expect.stringMatching(/^0DB/),
      state: 's1',
    })
  })

  it('redeems it at the site', async () => {
    const { status, body } = await postToken(sim, redemption(sim, await codeOf(sim)), { base: siteUrl(sim) })
    expect(status).toBe(200)
    expect(body).toMatchObject({ sfdc_community_url: siteUrl(sim), refresh_token: expect.any(String) })
  })

  it('may use base64url, the body, or a hint that is an e-mail address', async () => {
    const named = { 'auth-request-type': 'named-user' }
    const urlSafe = basic('eve@client.example', 'simulator')
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, '')
    const inBody = { username: 'eve@client.example', password: 'simulator' }
    const byHint = { login_hint: 'eve@mail.example', password: 'simulator' }
    expect((await authorize(sim, { headers: { ...named, authorization: urlSafe } })).status).toBe(200)
    expect((await authorize(sim, { headers: named, params: inBody })).status).toBe(200)
    expect((await authorize(sim, { headers: named, params: byHint })).status).toBe(200)
  })

  it('is redirected when a browser asks', async () => {
    const headers = {
      'auth-request-type': 'Named-User',
      authorization: basic('eve@client.example', 'simulator'),
      accept: 'text/html',
    }
    const response = await authorize(sim, { headers })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toContain('?code=00D')
  })

  it.each([
    ['with a wrong password', basic('eve@client.example', 'wrong'), 'login_error'],
    ['who is an employee', basic('hank@globex.example', 'simulator'), 'login_error'],
    ['with a malformed header', 'Basic bm9jb2xvbg==', 'invalid_basic_auth_header'],
  ])('%s is refused', async (_who, authorization, error) => {
    const response = await authorize(sim, { headers: { 'auth-request-type': 'Named-User', authorization } })
    expect(response.status).toBe(400)
    expect(await errorOf(response)).toBe(error)
  })

  it('is refused when inactive, off the site, without a challenge or with an unknown way to log in', async () => {
    expect(await errorOf(await authorize(sim, { base: sim.org('Globex').url }))).toBe('invalid_request')
    expect(await errorOf(await authorize(sim, { params: { code_challenge: '' } }))).toBe('invalid_request')
    expect(await errorOf(await authorize(sim, { headers: { 'auth-request-type': 'magic' } }))).toBe('invalid_request')
    sim.updateUser('eve@client.example', { active: false })
    expect(await errorOf(await authorize(sim))).toBe('inactive_user')
  })

  it('is refused when the flow is off, or the header is', async () => {
    sim.updateApp(sim.app('Shop').clientId, { codeCredentialsInBodyOnly: true })
    expect(await errorOf(await authorize(sim))).toBe('invalid_request')
    sim.updateApp(sim.app('Shop').clientId, { flows: { codeCredentials: false } })
    expect(await errorOf(await authorize(sim))).toBe('oauth_flow_disabled')
  })

  it('takes scopes separated by commas, too', async () => {
    const { body } = await postToken(sim, redemption(sim, await codeOf(sim, { params: { scope: 'api,openid' } })), {
      base: siteUrl(sim),
    })
    expect(body['scope']).toBe('api openid')
  })
})

describe('a guest', () => {
  const guest = async (hint: string): Promise<Record<string, string>> => {
    const headers = { 'auth-request-type': 'guest', 'uvid-hint': hint }
    const code = await codeOf(sim, { headers, params: { scope: 'api refresh_token' } })
    const { body } = await postToken(sim, redemption(sim, code), { base: siteUrl(sim) })
    return body
  }

  it('gets a JWT with the visitor id, and no refresh token', async () => {
    const answer = await guest(`UVID ${visitor}`)
    expect(answer).not.toHaveProperty('refresh_token')
    expect(decodeJwt(answer['access_token'] ?? '')).toMatchObject({ uvid: visitor })
    const again = await guest(`JWT ${answer['access_token']}`)
    expect(decodeJwt(again['access_token'] ?? '')['uvid']).toBe(visitor)
  })

  it('keeps the id when logging in by name', async () => {
    const { access_token: jwt = '' } = await guest(`UVID ${visitor}`)
    const headers = {
      'auth-request-type': 'Named-User',
      authorization: basic('eve@client.example', 'simulator'),
      'uvid-hint': jwt,
    }
    const { body } = await postToken(sim, redemption(sim, await codeOf(sim, { headers })), { base: siteUrl(sim) })
    expect(decodeJwt(body['access_token'] ?? '')['uvid']).toBe(visitor)
  })

  it('does not push other guests out', async () => {
    const tokens = []
    for (let count = 0; count < 7; count += 1) tokens.push((await guest(`UVID ${visitor}`))['access_token'] ?? '')
    expect(tokens.map((token) => sim.tokenState(token))).toEqual(tokens.map(() => 'active'))
  })

  it('is refused with a hint that is none, without JWTs, and with the flow off', async () => {
    const headers = { 'auth-request-type': 'guest', 'uvid-hint': 'UVID nobody' }
    const right = { ...headers, 'uvid-hint': `UVID ${visitor}` }
    expect(await errorOf(await authorize(sim, { headers }))).toBe('invalid_request')
    sim.updateApp(sim.app('Shop').clientId, { jwtAccessTokens: false })
    expect(await errorOf(await authorize(sim, { headers: right }))).toBe('invalid_request')
    sim.updateApp(sim.app('Shop').clientId, { jwtAccessTokens: true, flows: { guest: false } })
    expect(await errorOf(await authorize(sim, { headers: right }))).toBe('oauth_flow_disabled')
  })
})
