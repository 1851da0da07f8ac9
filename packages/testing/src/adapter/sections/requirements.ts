import type { Simulator } from '@orgpass/simulator'
import { expect } from 'vitest'
import { asScript } from '../section.ts'
import type { Section } from '../section.ts'

export const requirements: Section = (check) => {
  check.on('guards', 'that are fulfilled let pass', async (scene) => {
    const ada = await scene.login()
    for (const name of ['scope', 'org', 'permission-set', 'any']) {
      const response = await ada.get(`/guards/${name}`)
      expect([name, response.status, await response.text()]).toEqual([name, 200, 'in'])
    }
    const grace = await scene.login({ username: 'grace@acme.example' })
    expect(await (await grace.get('/guards/profile')).text()).toBe('in')
  })

  check.on('guards', 'that are not fulfilled answer 403 and name the kind of thing that is missing', async (scene) => {
    const ada = await scene.login()
    const denied: unknown[] = []
    for (const name of ['scopes', 'profile', 'user-type', 'all']) {
      const response = await ada.get(`/guards/${name}`)
      expect(response.headers.get('content-type')).toMatch(/^application\/json\b/)
      expect(response.headers.get('cache-control')).toBe('no-store')
      const text = await response.text()
      expect(text).not.toMatch(/Sales|CSP|sandbox/)
      const { error, requirement, scope } = JSON.parse(text) as Record<string, unknown>
      denied.push([name, response.status, error, requirement, scope])
    }
    expect(denied).toEqual([
      ['scopes', 403, 'request/forbidden', 'scope', 'api web'],
      ['profile', 403, 'request/forbidden', 'profile', undefined],
      ['user-type', 403, 'request/forbidden', 'userType', undefined],
      ['all', 403, 'request/forbidden', 'org', undefined],
    ])
  })

  check.on('guards', 'that cannot be judged throw: nobody passes, and the app answers the error', async (scene) => {
    const ada = await scene.login()
    const response = await ada.get('/guards/custom-permission')
    expect(response.status).toBeGreaterThanOrEqual(500)
    expect(await response.json()).toMatchObject({ error: 'guard/scope-missing', hint: expect.any(String) })
    scene.sim.faults.next('data', { status: 503, body: 'html' }, 10)
    const grace = await scene.login({ username: 'alan@acme.example' })
    const down = await grace.get('/guards/profile')
    expect(down.status).toBeOneOf([502, 503])
    expect(await down.json()).toMatchObject({ error: expect.any(String), hint: expect.any(String) })
  })

  check.on('guards', 'imply a login: a person is sent to it, a script gets 401', async (scene) => {
    for (const name of ['scope', 'profile', 'any', 'all']) {
      expect((await scene.browser().get(`/guards/${name}`)).status).toBe(302)
      const refused = await scene.browser().get(`/guards/${name}`, { headers: asScript })
      expect([refused.status, await refused.json()]).toMatchObject([401, { error: 'session/missing' }])
    }
  })

  check.on('guards', 'of the app itself answer as they like', async (scene) => {
    const response = await scene.browser().get('/guards/own')
    expect([response.status, await response.text()]).toEqual([402, 'own'])
  })

  check.on('guards', 'for bearer tokens take a good one and say who came', async (scene) => {
    const { sim } = scene
    const response = await scene.browser().get('/api', { headers: await bearer(sim) })
    expect(response.status).toBe(200)
    const { id: orgId, url: issuer } = sim.org()
    expect(await response.json()).toMatchObject({ kind: 'jwt', orgId, issuer, clientId: sim.app().clientId })
  })

  check.on('guards', 'for bearer tokens refuse as RFC 6750 says, and no session helps', async (scene) => {
    const { sim, url } = scene
    const agent = await scene.login()
    const realm = `Bearer realm="salesforce", resource_metadata="${url}/.well-known/oauth-protected-resource"`
    const missing = await agent.get('/api')
    expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, realm])
    expect(await missing.json()).toMatchObject({ error: 'request/bearer-missing' })
    const forged = await agent.get('/api', { headers: { authorization: 'Bearer a.b.c' } })
    expect([forged.status, forged.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('error="invalid_token"'),
    ])
    const narrow = await agent.get('/api/chat', { headers: await bearer(sim) })
    expect([narrow.status, narrow.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringContaining('error="insufficient_scope", scope="chatbot_api"'),
    ])
    expect(await narrow.json()).toMatchObject({ error: 'request/forbidden', requirement: 'scope' })
  })

  check.on('guards', 'for bearer tokens tell in a document where tokens come from', async (scene) => {
    const response = await scene.browser().get('/.well-known/oauth-protected-resource')
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      resource: scene.url,
      authorization_servers: [scene.sim.org().url],
    })
  })
}

/** The header of a program that calls the app with a token of its own. */
async function bearer(sim: Simulator): Promise<Record<string, string>> {
  const { clientId, clientSecret } = sim.app()
  sim.updateApp(clientId, { jwtAccessTokens: true })
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const answer = await fetch(`${sim.org().url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return { ...asScript, authorization: `Bearer ${token}` }
}
