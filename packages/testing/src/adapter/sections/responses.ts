import { expect } from 'vitest'
import type { Section } from '../section.ts'

export const responses: Section = (check) => {
  check.on(
    'standard',
    'carry the cookies of the app beside those of a renewal, wherever each was set',
    async (scene) => {
      const agent = await scene.login()
      scene.sim.expireAccessTokens()
      const response = await agent.get('/cookies')
      expect(await response.text()).toBe('set')
      const lines = response.headers.getSetCookie()
      const names = ['first', 'last', 'salesforce.sid', 'salesforce.side']
      expect(lines.map((line) => line.slice(0, line.indexOf('='))).toSorted()).toEqual(names)
      expect(lines.find((line) => line.startsWith('salesforce.sid='))).toMatch(
        /; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
      )
      expect(scene.refreshes()).toBe(1)
      expect(await (await agent.get('/me')).json()).toMatchObject({ data: { theme: 'dark' } })
    },
  )

  check.on('standard', 'with a renewed session are never for a cache, whatever the app says', async (scene) => {
    const agent = await scene.login()
    const plain = await agent.get('/cached')
    expect([plain.headers.getSetCookie(), plain.headers.get('cache-control')]).toEqual([[], 'public, max-age=600'])
    scene.sim.expireAccessTokens()
    const renewed = await agent.get('/cached')
    expect(renewed.headers.getSetCookie()).toHaveLength(1)
    expect(renewed.headers.get('cache-control')).toBe('no-store')
  })

  check.on('standard', 'to strangers and unrenewed sessions carry no cookie and stay as they are', async (scene) => {
    for (const agent of [scene.browser(), await scene.login()]) {
      for (const path of ['/', '/me']) {
        const { headers } = await agent.get(path)
        expect([headers.getSetCookie(), headers.get('cache-control')]).toEqual([[], null])
      }
    }
  })

  check.on('standard', 'that stream can use a token that lives', async (scene) => {
    const agent = await scene.login()
    expect(await (await agent.get('/stream')).text()).toBe('begin 200')
    expect(await (await agent.get('/flushed')).text()).toBe('200')
  })

  for (const path of ['/stream', '/flushed']) {
    check.on(
      'standard',
      `that have started get a typed error in place of a renewal, and nothing is spent: ${path}`,
      async (scene) => {
        const agent = await scene.login()
        scene.sim.expireAccessTokens()
        const response = await agent.get(path)
        expect(response.headers.getSetCookie()).toEqual([])
        expect(await response.text()).toBe(`${path === '/stream' ? 'begin ' : ''}session/response-started`)
        expect(scene.refreshes()).toBe(0)
        expect(await (await agent.get('/limits')).text()).toBe('200')
        expect(await (await agent.get(path)).text()).toMatch(/200$/)
        expect(scene.refreshes()).toBe(1)
      },
    )
  }

  check.on(
    'store',
    'that have started get the renewed token all the same when sessions live in a store',
    async (scene) => {
      const agent = await scene.login()
      scene.sim.expireAccessTokens()
      expect(await (await agent.get('/stream')).text()).toBe('begin 200')
      expect(await (await agent.get('/flushed')).text()).toBe('200')
      expect(scene.refreshes()).toBe(1)
      expect((await agent.post('/auth/logout')).status).toBe(303)
      expect(await (await agent.get('/me')).json()).toBeNull()
    },
  )

  check.on('standard', 'that start after a renewal carry it, and go on streaming', async (scene) => {
    const agent = await scene.login()
    scene.sim.expireAccessTokens()
    const response = await agent.get('/renewed-stream')
    expect(response.headers.getSetCookie()).toHaveLength(1)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).toBe('begin 200')
    expect(scene.refreshes()).toBe(1)
  })

  check.on('standard', 'that break off in the middle kill nothing', async (scene) => {
    const agent = await scene.login()
    const broken = await agent.get('/broken-stream')
    expect(broken.status).toBe(200)
    expect(await broken.text().catch(() => 'cut off')).toBeOneOf(['begin ', 'cut off'])
    expect(await (await agent.get('/limits')).text()).toBe('200')
  })
}
