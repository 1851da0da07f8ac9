import { expect } from 'vitest'
import { createAgent } from '../../agent.ts'
import { asScript } from '../section.ts'
import type { Section } from '../section.ts'

export const tenants: Section = (check) => {
  check.on('tenants', 'have instances of their own, and who is none gets a 404', async (scene) => {
    const agent = await scene.login()
    expect(await (await agent.get('/guarded')).text()).toBe('in')
    const stranger = createAgent(`http://127.0.0.1:${scene.port}`)
    const answer = await stranger.get('/guarded', { headers: asScript })
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: 'request/unknown-tenant' }])
  })
}
