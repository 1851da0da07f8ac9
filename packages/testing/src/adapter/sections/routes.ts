import { expect } from 'vitest'
import { eventually } from '../../eventually.ts'
import { RENAMED_ROUTES } from '../contract.ts'
import { asScript } from '../section.ts'
import type { Section } from '../section.ts'
import { signIn } from '../sign-in.ts'

const FOR_OPENING = 'This address is for opening in a browser.\n'
const FOR_FORMS = 'This address takes a form posted by a page of this app.\n'

export const routes: Section = (check) => {
  check.on(
    'standard',
    'a login comes back to where it began, and the app calls Salesforce',
    async ({ sim, ...scene }) => {
      const agent = scene.browser()
      const back = await signIn(sim, agent, { start: '/guarded?a=1&b=%C3%BC' })
      expect(back.headers.get('location')).toBe('/guarded?a=1&b=%C3%BC')
      expect(await (await agent.follow(back)).text()).toBe('in')
      expect(await (await agent.get('/limits')).text()).toBe('200')
      expect(await (await agent.get('/me')).json()).toMatchObject({ orgId: sim.org().id, data: {} })
    },
  )

  check.on('standard', 'a login sets one session cookie and takes its own cookie away', async ({ sim, ...scene }) => {
    const agent = scene.browser()
    const away = await agent.get('/auth/login')
    const [line = '', ...more] = away.headers.getSetCookie()
    expect(more).toEqual([])
    expect(line).toMatch(/^salesforce\.tx[^=]*=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/)
    const callback = await sim.signIn(away.headers.get('location') ?? '')
    const back = await agent.get(callback.href)
    expect(back.headers.getSetCookie().find((set) => set.startsWith('salesforce.sid='))).toMatch(
      /; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
    )
    expect(agent.cookies.get('salesforce.sid')).toBeTypeOf('string')
  })

  check.on('standard', 'a logout ends the session, revokes the grant and goes home', async ({ sim, ...scene }) => {
    const agent = await scene.login()
    expect(sim.approvals('ada@acme.example')).toHaveLength(1)
    const bye = await agent.post('/auth/logout')
    expect([bye.status, bye.headers.get('location')]).toEqual([303, '/'])
    expect(agent.cookies.get('salesforce.sid')).toBeUndefined()
    expect(await (await agent.get('/me')).json()).toBeNull()
    expect(await (await agent.follow(bye)).text()).toBe('home')
    await eventually(() => sim.approvals('ada@acme.example').length === 0)
  })

  check.on('renamed', "each can be renamed; the usual names are then the app's own", async ({ sim, ...scene }) => {
    const agent = scene.browser()
    expect(await (await agent.get('/auth/login')).text()).toBe('own')
    expect((await agent.get('/auth/callback')).status).toBe(404)
    const away = await agent.get(RENAMED_ROUTES.login)
    const callback = await sim.signIn(away.headers.get('location') ?? '')
    expect(callback.pathname).toBe(RENAMED_ROUTES.callback)
    expect((await agent.get(callback.href)).status).toBe(303)
    expect(await (await agent.get('/guarded')).text()).toBe('in')
    expect((await agent.post(RENAMED_ROUTES.logout)).status).toBe(303)
    expect(await (await agent.get('/guarded', { headers: asScript })).json()).toMatchObject({ login: '/in' })
  })

  check.on('disabled', 'each can be left out, and started by the app itself', async ({ sim, ...scene }) => {
    const agent = scene.browser()
    expect((await agent.get('/auth/login')).status).toBe(404)
    expect((await agent.post('/auth/logout')).status).toBe(404)
    const back = await signIn(sim, agent, { start: '/connect' })
    expect(back.headers.get('location')).toBe('/done')
    expect(await (await agent.get('/guarded')).text()).toBe('in')
    const bye = await agent.post('/leave')
    expect([bye.status, bye.headers.get('location')]).toEqual([303, '/left'])
    const refused = await agent.get('/guarded', { headers: asScript })
    expect(await refused.json()).not.toHaveProperty('login')
  })

  check.on('mounted', 'all work mounted below a path, and what is outside is left alone', async ({ sim, ...scene }) => {
    const agent = scene.browser()
    expect(await (await agent.get('/auth/login')).text()).toBe('own')
    const back = await signIn(sim, agent, { start: '/crm/guarded?a=1' })
    expect(back.headers.get('location')).toBe('/crm/guarded?a=1')
    expect(await (await agent.follow(back)).text()).toBe('in')
    const login = await agent.get('/crm/auth/login?returnTo=/crm/me')
    expect(login.status).toBe(302)
    expect((await agent.post('/crm/auth/logout')).headers.get('location')).toBe('/crm/')
    const refused = await agent.get('/crm/guarded', { headers: asScript })
    expect(await refused.json()).toMatchObject({ login: '/crm/auth/login' })
  })

  check.on('standard', 'only their own methods are answered: HEAD and OPTIONS start and end nothing', async (scene) => {
    const agent = await scene.login()
    const before = agent.cookies.all().length
    const answers: unknown[] = []
    for (const [method, path] of [
      ['HEAD', '/auth/login'],
      ['OPTIONS', '/auth/login'],
      ['POST', '/auth/login'],
      ['HEAD', '/auth/callback?code=a&state=b'],
      ['GET', '/auth/logout'],
      ['HEAD', '/auth/logout'],
      ['OPTIONS', '/auth/logout'],
      ['DELETE', '/auth/logout'],
    ] as const) {
      const response = await agent.request(method, path)
      answers.push([method, path.slice(0, 12), response.status, response.headers.get('allow'), await response.text()])
    }
    expect(answers).toEqual([
      ['HEAD', '/auth/login', 405, 'GET', ''],
      ['OPTIONS', '/auth/login', 405, 'GET', FOR_OPENING],
      ['POST', '/auth/login', 405, 'GET', FOR_OPENING],
      ['HEAD', '/auth/callba', 405, 'GET', ''],
      ['GET', '/auth/logout', 405, 'POST', FOR_FORMS],
      ['HEAD', '/auth/logout', 405, 'POST', ''],
      ['OPTIONS', '/auth/logout', 405, 'POST', FOR_FORMS],
      ['DELETE', '/auth/logout', 405, 'POST', FOR_FORMS],
    ])
    expect(agent.cookies.all()).toHaveLength(before)
    expect(await (await agent.get('/limits')).text()).toBe('200')
  })

  check.on('standard', 'a logout from another origin, and a login by a script, are refused', async (scene) => {
    const agent = await scene.login()
    const forged = await agent.post('/auth/logout', { headers: { origin: 'http://evil.example' } })
    expect([forged.status, await forged.json()]).toMatchObject([403, { error: 'request/cross-origin' }])
    const scripted = await agent.get('/auth/login', { headers: asScript })
    expect([scripted.status, await scripted.json()]).toMatchObject([401, { error: 'request/not-a-navigation' }])
    expect(await (await agent.get('/limits')).text()).toBe('200')
  })

  check.on('standard', 'answers are not for caches, and leak no address', async (scene) => {
    const away = await scene.browser().get('/auth/login')
    expect(away.headers.get('cache-control')).toBe('no-store')
    expect(away.headers.get('referrer-policy')).toBe('no-referrer')
  })
}
