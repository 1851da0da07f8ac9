import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { authorizeUrl, callApi, callback, type StoryOptions } from './login-story.ts'

const native = 'myapp://auth/done'
let sim: Simulator
let id: string
beforeEach(() => {
  const pages = { label: 'Pages', callbackUrls: [callback, native], scopes: ['openid', 'api', 'refresh_token', 'web'] }
  sim = createSimulator({ seed: { apps: [pages] } })
  id = sim.app('Pages').clientId
})

/** No code challenge: there is no code to bind. */
async function open(params: Record<string, string | null> = {}, options: StoryOptions = {}): Promise<URL> {
  const all = { response_type: 'token', scope: 'api', code_challenge: null, ...params }
  return sim.signIn(authorizeUrl(sim, { clientId: id, params: all, ...options }), options)
}

function fragment(url: URL): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(url.hash.slice(1)))
}

describe('response_type=token', () => {
  it('brings a working token and the state in the fragment, and nothing in the query', async () => {
    const back = await open()
    expect([back.search, Object.keys(fragment(back)).toSorted()]).toEqual([
      '',
      ['access_token', 'id', 'instance_url', 'issued_at', 'scope', 'signature', 'state', 'token_type'],
    ])
    expect(fragment(back)['state']).toBe('s1')
    expect((await callApi(sim, fragment(back)['access_token'])).status).toBe(200)
  })

  it('gives a refresh token to native apps and Salesforce’s own success page only', async () => {
    const { url } = sim.org()
    const success = `${url}/services/oauth2/success`
    sim.updateApp(id, { callbackUrls: [callback, native, success, `${url}/elsewhere`] })
    const scope = 'api refresh_token'
    const given = async (uri: string): Promise<boolean> =>
      'refresh_token' in fragment(await open({ scope, redirect_uri: uri }))
    expect([await given(native), await given(success)]).toEqual([true, true])
    expect([await given(callback), await given(`${url}/elsewhere`)]).toEqual([false, false])
  })

  it('tells a site’s customer the address of the site', async () => {
    const users = [{ username: 'eve@client.example', site: 'customers' }]
    const orgs = [{ name: 'Globex', sites: [{ name: 'Customers', path: 'customers' }], users }]
    sim = createSimulator({ seed: { orgs } })
    const base = sim.org('Globex').sites[0]?.url ?? ''
    const members = fragment(await open({}, { base, clientId: sim.app().clientId }))
    expect(members['sfdc_community_url']).toBe(base)
  })

  it('never tells api_instance_url', async () => {
    sim.updateApp(id, { scopes: ['api', 'sfap_api'] })
    expect(fragment(await open({ scope: 'api sfap_api' }))).not.toHaveProperty('api_instance_url')
  })
})

describe('response_type=token id_token', () => {
  const wish = { response_type: 'token id_token', scope: 'openid api', nonce: 'n1' }

  it('adds an ID token with the nonce, from the My Domain even after a login on the generic host', async () => {
    const members = fragment(await open(wish, { base: sim.loginUrl }))
    expect(decodeJwt(members['id_token'] ?? '')).toMatchObject({ nonce: 'n1', iss: sim.org().url, aud: id })
  }, 20_000)

  it('needs a nonce and the scope openid', async () => {
    expect(fragment(await open({ ...wish, nonce: null }))).toMatchObject({
      error: 'invalid_request',
      error_description: 'missing required parameter: nonce',
    })
    expect(fragment(await open({ ...wish, scope: 'api' }))).toMatchObject({ error: 'invalid_scope' })
  })
})

describe('a refusal', () => {
  it('stands in the fragment, or in the query where the org is set so', async () => {
    const refusal = { error: 'access_denied', error_description: 'end-user denied authorization', state: 's1' }
    expect(fragment(await open({}, { deny: true }))).toEqual(refusal)
    sim.updateOrg('Acme', { userAgentErrors: 'query' })
    const back = await open({}, { deny: true })
    expect([Object.fromEntries(back.searchParams), back.hash]).toEqual([refusal, ''])
  })

  it('meets an org that blocks the flow, on its own host and on the generic one', async () => {
    sim.updateOrg('Acme', { userAgentFlowBlocked: true })
    const refusal = { error: 'oauth_flow_disabled', error_description: 'user-agent flow has been disabled' }
    for (const response_type of ['token', 'hybrid_token']) {
      expect(fragment(await open({ response_type }))).toMatchObject(refusal)
      expect(fragment(await open({ response_type }, { base: sim.loginUrl }))).toMatchObject(refusal)
    }
    expect(sim.approvals('ada@acme.example')).toEqual([])
  })

  it('by an org on its own host comes before any login', async () => {
    sim.updateOrg('Acme', { userAgentFlowBlocked: true })
    const params = { response_type: 'token', scope: 'api', code_challenge: null }
    const response = await sim.fetch(new Request(authorizeUrl(sim, { clientId: id, params })))
    expect(response.headers.get('location')).toMatch(/#error=oauth_flow_disabled/)
  })

  it('meets an app without the flow', async () => {
    sim.updateApp(id, { flows: { hybrid: false } })
    expect(fragment(await open({ response_type: 'hybrid_token' }))['error']).toBe('oauth_flow_disabled')
    expect(fragment(await open())).toHaveProperty('access_token')
    sim.updateApp(id, { flows: { userAgent: false } })
    expect(fragment(await open())['error']).toBe('oauth_flow_disabled')
  })

  it.each(['id_token', 'id_token token', 'code id_token', 'code token', 'none'])(
    'meets response_type=%s',
    async (responseType) => {
      sim.updateApp(id, { pkceRequired: false })
      const back = await open({ response_type: responseType })
      const members = { ...Object.fromEntries(back.searchParams), ...fragment(back) }
      expect(members['error']).toBe('unsupported_response_type')
    },
  )
})
