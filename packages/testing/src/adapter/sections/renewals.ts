import { expect } from 'vitest'
import { eventually } from '../../eventually.ts'
import { LIMITS } from '../contract.ts'
import type { Section } from '../section.ts'

export const renewals: Section = (check) => {
  for (const rotation of [false, true]) {
    check.on('standard', `twenty requests at once cost one${rotation ? ', with rotation' : ''}`, async (scene) => {
      const { sim } = scene
      sim.updateApp(sim.app().clientId, { refreshTokenRotation: rotation })
      const agent = await scene.login()
      sim.expireAccessTokens()
      const answers = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const response = await agent.get('/limits')
          return [await response.text(), response.headers.getSetCookie().length]
        }),
      )
      expect(answers).toEqual(Array.from({ length: 20 }, () => ['200', 1]))
      expect(scene.refreshes()).toBe(1)
      expect(await (await agent.get('/limits')).text()).toBe('200')
      expect(scene.refreshes()).toBe(1)
      expect(sim.approvals('ada@acme.example')).toHaveLength(1)
    })
  }

  check.on('store', 'twenty requests at once cost one when sessions live in a store', async (scene) => {
    const agent = await scene.login()
    scene.sim.expireAccessTokens()
    const answers = await Promise.all(Array.from({ length: 20 }, async () => (await agent.get('/limits')).text()))
    expect(new Set(answers)).toEqual(new Set(['200']))
    expect(scene.refreshes()).toBe(1)
  })

  check.on(
    'standard',
    'that nobody waits for any more lose no token: the old cookie works in the next request',
    async (scene) => {
      const { sim } = scene
      sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
      const agent = await scene.login()
      const cookie = agent.cookies.all().map(({ name, value }) => `${name}=${value}`)
      sim.expireAccessTokens()
      sim.faults.next('token:refresh_token', { latency: 400 })
      const gone = new AbortController()
      const request = fetch(`${scene.url}/limits`, { headers: { cookie: cookie.join('; ') }, signal: gone.signal })
      await eventually(() => sim.requests.at(-1)?.path === LIMITS && sim.requests.at(-1)?.status === 401)
      gone.abort()
      await expect(request).rejects.toThrow()
      expect(await (await agent.get('/limits')).text()).toBe('200')
      expect(scene.refreshes()).toBe(1)
      expect(sim.approvals('ada@acme.example')).toHaveLength(1)
    },
  )
}
