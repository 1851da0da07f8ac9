import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FaultEndpoint, type Simulator, startSimulator } from '../src/index.ts'
import { authorizeUrl, callApi, credentials, logIn, obtainCode, refresh } from './login-story.ts'

let sim: Simulator
beforeEach(async () => {
  sim = await startSimulator()
})
afterEach(async () => sim.close())

/** A call over a real connection. */
async function send(path: string, body?: Record<string, string>): Promise<Response> {
  return fetch(sim.org().url + path, body ? { method: 'POST', body: new URLSearchParams(body) } : {})
}

async function refreshBody(): Promise<Record<string, string>> {
  const { refresh_token: token = '' } = await logIn(sim)
  return { grant_type: 'refresh_token', refresh_token: token, ...credentials(sim) }
}

describe('an error comes in the shape of its endpoint', () => {
  it.each([
    ['token', '/services/oauth2/token', 400, '{"error":"server_error","error_description":"try later"}'],
    ['revoke', '/services/oauth2/revoke', 400, 'error=server_error&error_description=try+later'],
    ['introspect', '/services/oauth2/introspect', 400, '{"error":"server_error","error_description":"try later"}'],
    ['userinfo', '/services/oauth2/userinfo', 403, 'server_error'],
    ['identity', '/id/00D/005', 403, 'server_error'],
  ] as [FaultEndpoint, string, number, string][])('%s', async (...[endpoint, path, status, text]) => {
    sim.faults.next(endpoint, { error: 'server_error', description: 'try later' })
    const response = await send(path, { a: 'b' })
    expect([response.status, await response.text()]).toEqual([status, text])
    expect(sim.requests.at(-1)).toMatchObject({ path, status, error: 'server_error' })
  })

  it('authorize redirects it to the callback', async () => {
    sim.faults.next('authorize', { error: 'OAUTH_APP_BLOCKED', description: 'this app is blocked by admin' })
    const back = await sim.signIn(authorizeUrl(sim))
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'OAUTH_APP_BLOCKED',
      error_description: 'this app is blocked by admin',
      state: 's1',
    })
  })

  it.each([
    ['INVALID_SESSION_ID', undefined, 401, 'application/json', '"errorCode":"INVALID_SESSION_ID"'],
    [
      'INVALID_SESSION_ID',
      'This session is not valid for use with the REST API',
      401,
      'application/json',
      'not valid for use',
    ],
    ['UNAUTHORIZED', 'Connected app is not attached to Agent', 401, 'application/json', 'not attached to Agent'],
    ['InvalidSessionId', undefined, 400, 'application/xml', '<exceptionCode>InvalidSessionId</exceptionCode>'],
    ['sf:INVALID_SESSION_ID', undefined, 500, 'text/xml', '<faultcode>sf:INVALID_SESSION_ID</faultcode>'],
    ['Bad_OAuth_Token', undefined, 403, 'text/html', 'Bad_OAuth_Token'],
    ['REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', 403, 'application/json', 'TotalRequests'],
    ['SERVER_UNAVAILABLE', undefined, 503, 'application/json', 'SERVER_UNAVAILABLE'],
  ])('data answers %s as Salesforce does', async (...[error, description, status, type, text]) => {
    const { access_token: token } = await logIn(sim)
    sim.faults.next('data', { error, ...(description && { description }) })
    const response = await callApi(sim, token)
    expect([response.status, response.headers.get('content-type')]).toEqual([status, `${type};charset=UTF-8`])
    expect(await response.text()).toContain(text)
    expect((await callApi(sim, token)).status).toBe(200)
  })
})

describe('other faults', () => {
  it('a dropped connection before the work leaves the token as it was', async () => {
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const body = await refreshBody()
    sim.faults.next('token:refresh_token', { drop: 'before' })
    await expect(send('/services/oauth2/token', body)).rejects.toThrow('fetch failed')
    expect(sim.tokenState(body['refresh_token'] ?? '')).toBe('active')
    expect((await send('/services/oauth2/token', body)).status).toBe(200)
  })

  it('a dropped connection after the work loses the successor', async () => {
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const body = await refreshBody()
    sim.faults.next('token:refresh_token', { drop: 'after' })
    await expect(send('/services/oauth2/token', body)).rejects.toThrow('fetch failed')
    expect(sim.tokenState(body['refresh_token'] ?? '')).toBe('rotated')
    expect(sim.requests.at(-1)).toMatchObject({ grantType: 'refresh_token', status: 0, error: 'dropped' })
  })

  it('rejects without sockets, too', async () => {
    const body = await refreshBody()
    sim.faults.next('token', { drop: 'before' })
    await expect(refresh(sim, body['refresh_token'])).rejects.toThrow('dropped by a fault')
  })

  it('503 with a page, and broken JSON with 200, do no work', async () => {
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const body = await refreshBody()
    sim.faults.next('token', { status: 503, body: 'html' })
    sim.faults.next('token', { malformed: true })
    const down = await send('/services/oauth2/token', body)
    expect([down.status, down.headers.get('content-type')]).toEqual([503, 'text/html; charset=UTF-8'])
    const broken = await send('/services/oauth2/token', body)
    expect(broken.status).toBe(200)
    await expect(broken.json()).rejects.toThrow(SyntaxError)
    expect(sim.tokenState(body['refresh_token'] ?? '')).toBe('active')
  })

  it('already processing, as often as wished', async () => {
    const body = await refreshBody()
    sim.faults.next('token:refresh_token', { alreadyProcessing: true }, 2)
    const answers = [await refresh(sim, body['refresh_token']), await refresh(sim, body['refresh_token'])]
    for (const answer of answers) {
      expect(answer.body['error_description']).toBe('token request is already being processed')
    }
    expect((await refresh(sim, body['refresh_token'])).status).toBe(200)
  })

  it('latency delays the answer, alone or with another fault', async () => {
    const timed = async (fault: object): Promise<[number, number]> => {
      const body = await obtainCode(sim)
      sim.faults.next('token:authorization_code', { latency: 150, ...fault })
      const start = performance.now()
      const { status } = await send('/services/oauth2/token', body)
      return [status, performance.now() - start]
    }
    const [fine, slow] = [await timed({}), await timed({ error: 'unknown_error' })]
    expect([fine[0], slow[0]]).toEqual([200, 400])
    expect(Math.min(fine[1], slow[1])).toBeGreaterThan(140)
  })

  it('latency and a dropped connection meet refused work, too', async () => {
    const refused = { grant_type: 'refresh_token', refresh_token: 'nothing', ...credentials(sim) }
    sim.faults.next('token:refresh_token', { latency: 150 })
    const start = performance.now()
    expect((await send('/services/oauth2/token', refused)).status).toBe(400)
    expect(performance.now() - start).toBeGreaterThan(140)
    sim.faults.next('token:refresh_token', { drop: 'after' })
    await expect(send('/services/oauth2/token', refused)).rejects.toThrow('fetch failed')
    sim.faults.next('authorize', { drop: 'after' })
    const url = authorizeUrl(sim, { params: { scope: 'unknown' } })
    await expect(fetch(url, { redirect: 'manual' })).rejects.toThrow('fetch failed')
  })

  it('meet only the grant they are for, and can be cleared', async () => {
    const body = await refreshBody()
    sim.faults.next('token:authorization_code', { error: 'unknown_error' })
    expect((await refresh(sim, body['refresh_token'])).status).toBe(200)
    sim.faults.next('token', { error: 'unknown_error' })
    sim.faults.clear()
    expect((await refresh(sim, body['refresh_token'])).status).toBe(200)
  })

  it('at an unknown endpoint are a mistake', () => {
    expect(() => sim.faults.next('tokens' as FaultEndpoint, { malformed: true })).toThrow(
      'There is no fault endpoint "tokens". Known: authorize, token,',
    )
  })
})
