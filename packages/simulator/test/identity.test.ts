import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { type Answer, callApi, logIn } from './login-story.ts'

let sim: Simulator
let tokens: Answer
beforeEach(async () => {
  sim = createSimulator({ seed: { orgs: [{ name: 'Globex', users: [{ username: 'hank@globex.example' }] }] } })
  tokens = await logIn(sim)
})

async function get(url: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  const all = { authorization: `Bearer ${tokens['access_token']}`, ...headers }
  const response = await sim.fetch(new Request(url, { headers: all }))
  return { status: response.status, text: await response.text() }
}

const bad = { status: 403, text: 'Bad_OAuth_Token' }

describe('userinfo', () => {
  const url = (): string => `${sim.org().url}/services/oauth2/userinfo`

  it('says who the token belongs to', async () => {
    const answer: unknown = JSON.parse((await get(url())).text)
    expect(answer).toMatchObject({
      sub: tokens['id'],
      user_id: tokens['id']?.split('/').at(-1),
      organization_id: sim.org().id,
      preferred_username: 'ada@acme.example',
      name: 'Ada Lovell',
      email: 'ada@acme.example',
      email_verified: true,
      zoneinfo: 'America/Los_Angeles',
      urls: { rest: `${sim.org().url}/services/data/v{version}/`, custom_domain: sim.org().url },
      active: true,
      user_type: 'STANDARD',
      updated_at: expect.stringMatching(/^\d{4}-.*\+0000$/),
      is_app_installed: true,
    })
  })

  it.each([
    ['openid', ['sub', 'user_id', 'organization_id', 'user_type']],
    ['openid email', ['sub', 'user_id', 'organization_id', 'user_type', 'email', 'email_verified']],
  ])('with the scopes %s shows no more', async (scope, members) => {
    tokens = await logIn(sim, { params: { scope } })
    expect(Object.keys(JSON.parse((await get(url())).text) as object)).toEqual(members)
  })

  it('takes POST and a token in the body', async () => {
    const body = new URLSearchParams({ access_token: tokens['access_token'] ?? '' })
    expect((await sim.fetch(new Request(url(), { method: 'POST', body }))).status).toBe(200)
  })

  it('answers 403 and a bare word for a bad token, 401 never', async () => {
    expect(await get(url(), { authorization: 'Bearer nothing' })).toEqual(bad)
    expect(await get(url(), { authorization: `Bearer ${tokens['refresh_token']}` })).toEqual(bad)
    expect(await get(url(), { authorization: 'Basic eDp5' })).toEqual(bad)
    expect(await (await sim.fetch(new Request(url()))).text()).toBe('Missing_OAuth_Token')
    sim.expireAccessTokens()
    expect(await get(url())).toEqual(bad)
  })

  it('knows no tokens of another org', async () => {
    expect(await get(`${sim.org('Globex').url}/services/oauth2/userinfo`)).toEqual(bad)
  })
})

describe('the REST API of another org', () => {
  it('does not know the session', async () => {
    expect((await callApi(sim, tokens['access_token'], sim.org('Globex').url)).status).toBe(401)
    expect((await callApi(sim, tokens['access_token'])).status).toBe(200)
  })
})

describe('the identity URL', () => {
  it('answers on the generic host and on the org', async () => {
    const onOrg = `${sim.org().url}${new URL(tokens['id'] ?? '').pathname}`
    for (const url of [tokens['id'] ?? '', onOrg]) {
      expect(JSON.parse((await get(url)).text)).toMatchObject({
        id: tokens['id'],
        asserted_user: true,
        username: 'ada@acme.example',
        nick_name: 'ada',
        display_name: 'Ada Lovell',
        first_name: 'Ada',
        timezone: 'America/Los_Angeles',
        utcOffset: expect.any(Number),
        mobile_phone: null,
        urls: { enterprise: expect.stringContaining('/services/Soap/c/{version}/') },
      })
    }
  })

  it('takes 15-character ids and the token as a parameter', async () => {
    const [org = '', user = ''] = (tokens['id'] ?? '').split('/').slice(-2)
    const token = encodeURIComponent(tokens['access_token'] ?? '')
    const url = `${sim.org().url}/id/${org.slice(0, 15)}/${user.slice(0, 15)}?oauth_token=${token}`
    expect((await sim.fetch(new Request(url))).status).toBe(200)
  })

  it('fills in a version, and speaks XML and JSONP', async () => {
    const url = tokens['id'] ?? ''
    expect((await get(`${url}?version=61`)).text).toContain('/services/data/v61.0/')
    expect((await get(`${url}?version=latest`)).text).toContain('/services/data/v68.0/')
    expect((await get(`${url}?format=xml`)).text).toMatch(/<user><id>http.*<urls><enterprise>/)
    expect((await get(`${url}?format=urlencoded`)).text).toContain('&urls.rest=http')
    expect((await get(`${url}?callback=show`)).text).toMatch(/^show\({"id"/)
  })

  it.each([
    ['a garbled user', (org: string) => `/id/${org}/x`, 404, 'Bad_Id'],
    ['a wrong checksum', (org: string) => `/id/${org}/005gK0000000001XXX`, 404, 'Bad_Id'],
    ['a user who does not exist', (org: string) => `/id/${org}/005gK000000zzzz`, 404, 'Bad_Id'],
    ['another org', () => `/id/${sim.org('Globex').id}/005gK0000000001`, 403, 'Wrong_Org'],
    ['an unknown version', (org: string, user: string) => `/id/${org}/${user}?version=x`, 406, 'Invalid_Version'],
    [
      'a callback that is code',
      (org: string, user: string) => `/id/${org}/${user}?callback=a(b)`,
      406,
      'Invalid_Callback',
    ],
  ])('answers %s with a bare word', async (...[, path, status, text]) => {
    const [org = '', user = ''] = (tokens['id'] ?? '').split('/').slice(-2)
    expect(await get(`${sim.loginUrl}${path(org, user)}`)).toEqual({ status, text })
  })

  it('shows other people only to broad scopes, and nobody who is inactive', async () => {
    const other = (await logIn(sim, { username: 'grace@acme.example' }))['id'] ?? ''
    expect(JSON.parse((await get(other)).text)).toMatchObject({ asserted_user: false, username: 'grace@acme.example' })
    sim.updateUser('grace@acme.example', { active: false })
    expect(await get(other)).toEqual({ status: 404, text: 'Inactive' })
    tokens = await logIn(sim, { params: { scope: 'id' } })
    expect(await get(other)).toEqual({ status: 404, text: 'No_Access' })
  })

  it('answers 403 for a dead token', async () => {
    sim.expireAccessTokens()
    expect(await get(tokens['id'] ?? '')).toEqual(bad)
  })

  it('shows custom attributes of the app', async () => {
    sim.updateApp(sim.app().clientId, { customAttributes: { team: 'north' } })
    expect(JSON.parse((await get(tokens['id'] ?? '')).text)).toMatchObject({ custom_attributes: { team: 'north' } })
  })
})
