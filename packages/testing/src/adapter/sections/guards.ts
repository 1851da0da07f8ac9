import { expect } from 'vitest'
import { asScript } from '../section.ts'
import type { Section } from '../section.ts'

export const guards: Section = (check) => {
  check.on('standard', 'a person who opens a page is sent to the login', async ({ sim, ...scene }) => {
    const away = await scene.browser().get('/guarded')
    expect(away.status).toBe(302)
    expect(away.headers.get('location')).toContain(`${sim.org().url}/services/oauth2/authorize?`)
    expect(away.headers.get('cache-control')).toBe('no-store')
  })

  check.on('standard', 'everything but a navigation gets 401, and JSON that says how to log in', async (scene) => {
    const agent = scene.browser()
    const strangers = [
      await agent.get('/guarded', { headers: asScript }),
      await agent.get('/guarded', { headers: { 'sec-fetch-dest': 'iframe' } }),
      await agent.get('/guarded', { headers: { 'sec-purpose': 'prefetch' } }),
      await agent.post('/guarded'),
      await agent.request('PUT', '/guarded'),
      await agent.request('OPTIONS', '/guarded'),
    ]
    for (const response of strangers) {
      expect(response.status).toBe(401)
      expect(response.headers.get('content-type')).toMatch(/^application\/json\b/)
      expect(response.headers.get('www-authenticate')).toBe('Salesforce realm="salesforce"')
      expect(response.headers.getSetCookie()).toEqual([])
      expect(await response.json()).toMatchObject({ error: 'session/missing', needsLogin: true, login: '/auth/login' })
    }
    const head = await agent.request('HEAD', '/guarded')
    expect([head.status, head.headers.getSetCookie(), await head.text()]).toEqual([401, [], ''])
  })

  check.on('closed', 'who is logged in passes, with every method', async (scene) => {
    const agent = await scene.login()
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const response = await agent.request(method, '/any/path')
      expect([method, response.status, await response.text()]).toEqual([method, 200, method === 'HEAD' ? '' : 'in'])
    }
  })

  check.on('closed', 'nobody passes without a login, and the auth routes stay open', async (scene) => {
    const agent = scene.browser()
    expect((await agent.get('/any/path', { headers: asScript })).status).toBe(401)
    expect((await agent.get('/auth/login')).status).toBe(302)
    expect((await agent.post('/auth/logout')).status).toBe(303)
  })

  check.on('standard', 'a forged, altered or foreign session cookie counts as none', async (scene) => {
    const agent = await scene.login()
    const sealed = agent.cookies.get('salesforce.sid') ?? ''
    const middle = Math.floor(sealed.length / 2)
    const altered = sealed.slice(0, middle) + (sealed[middle] === 'A' ? 'B' : 'A') + sealed.slice(middle + 1)
    for (const value of [altered, sealed.slice(0, -1), '', '"', '2:x', 'a'.repeat(3_000)]) {
      const headers = { ...asScript, cookie: `salesforce.sid=${value}` }
      expect((await agent.get('/guarded', { headers })).status).toBe(401)
    }
    expect((await agent.get('/guarded', { headers: asScript })).status).toBe(200)
  })

  check.on('standard', 'a write from a page of another origin is refused before the handler runs', async (scene) => {
    const agent = await scene.login()
    const before = Number(await (await agent.post('/write')).text())
    expect(before).toBeGreaterThan(0)
    const forged = await agent.post('/write', { headers: { origin: 'https://evil.example' } })
    expect([forged.status, await forged.json()]).toMatchObject([403, { error: 'request/cross-origin' }])
    expect(await (await agent.post('/write')).text()).toBe(String(before + 1))
  })
}
