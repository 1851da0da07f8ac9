import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { type Answer, callback, logIn, post } from './login-story.ts'

const initial = 'initial-access-token'
const metadata = {
  redirect_uris: [callback],
  client_name: 'Gateway',
  grant_types: ['authorization_code', 'refresh_token'],
}

let sim: Simulator
beforeEach(() => {
  sim = createSimulator()
  sim.updateApp(sim.app().clientId, { initialAccessToken: initial })
})

async function register(
  body: unknown = metadata,
  token: string | undefined = initial,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const url = `${sim.org().url}/services/oauth2/register`
  const response = await sim.fetch(new Request(url, { method: 'POST', body: text, headers }))
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('dynamic registration', () => {
  it('makes an app of its own and repeats what it was told', async () => {
    const { status, body } = await register()
    expect(status).toBe(201)
    expect(body).toMatchObject({
      client_id: expect.stringMatching(/^3MVG9/),
      client_secret: expect.any(String),
      client_secret_expires_at: 0,
      redirect_uris: [callback],
      client_name: 'Gateway',
      response_types: ['code'],
      application_type: 'web',
    })
    const answer = await logIn(sim, { clientId: String(body['client_id']) })
    expect(answer['refresh_token']).toBeDefined()
  })

  it("lets the parent introspect the child's tokens, but not the other way", async () => {
    const { body } = await register()
    const child = { client_id: String(body['client_id']), client_secret: String(body['client_secret']) }
    const parent = { client_id: sim.app().clientId, client_secret: sim.app().clientSecret }
    const isActive = async (token: string | undefined, by: Answer): Promise<unknown> => {
      const response = await post(sim, `${sim.org().url}/services/oauth2/introspect`, { token: token ?? '', ...by })
      return ((await response.json()) as { active: boolean }).active
    }
    const ofChild = await logIn(sim, { clientId: child.client_id })
    const ofParent = await logIn(sim)
    expect(await isActive(ofChild['access_token'], parent)).toBe(true)
    expect(await isActive(ofParent['access_token'], child)).toBe(false)
  })

  it.each<[string, unknown, string, string]>([
    ['without a token', metadata, '', 'invalid_token'],
    ['with another token', metadata, 'another', 'invalid_token'],
    ['without callbacks', { client_name: 'x' }, initial, 'invalid_request'],
    ['with a callback that is a script', { redirect_uris: ['javascript:alert(1)'] }, initial, 'invalid_request'],
    ['with an unknown grant', { ...metadata, grant_types: ['password'] }, initial, 'invalid_request'],
    ['with a body that is no JSON', '{', initial, 'invalid_request'],
  ])('is refused %s', async (...[, body, token, error]) => {
    const answer = await register(body, token)
    expect([answer.status, answer.body['error']]).toEqual([400, error])
  })

  it('takes the new token only, once it was replaced', async () => {
    sim.updateApp(sim.app().clientId, { initialAccessToken: 'replacement' })
    expect((await register()).status).toBe(400)
    expect((await register(metadata, 'replacement')).status).toBe(201)
  })

  it('stops at a hundred apps', async () => {
    for (let count = 0; count < 100; count += 1) expect((await register()).status).toBe(201)
    expect((await register()).body['error']).toBe('exceeded_registration_limit')
  })

  it('gives the app only the grants it named', async () => {
    const { body } = await register({ ...metadata, grant_types: ['authorization_code'] })
    const { flows } = sim.app(String(body['client_id']))
    expect(flows).toMatchObject({ webServer: true, refreshToken: false, userAgent: false, jwtBearer: false })
  })
})
