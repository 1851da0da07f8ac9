import { expect } from 'vitest'
import type { Agent } from '../../agent.ts'
import { leadsTo } from '../../leads-to.ts'
import { asScript } from '../section.ts'
import type { Section } from '../section.ts'
import type { Scene } from '../stage.ts'

/** A browser in which somebody is signed in to the app itself. Apps of one process may share a store. */
function signedIn(scene: Scene, user: string): Agent {
  const agent = scene.browser()
  agent.cookies.set(`user=${user}-${scene.port}; Path=/`)
  return agent
}

async function connect({ sim }: Scene, agent: Agent, form: Record<string, string>): Promise<Response> {
  const start = await agent.post('/auth/connect', { form })
  if (start.status !== 200) return start
  return agent.get((await sim.signIn(await leadsTo(start), { username: 'ada@acme.example' })).href)
}

async function aliases(agent: Agent): Promise<unknown> {
  return (await agent.get('/connections')).json()
}

export const connections: Section = (check) => {
  check.on('connect', 'belong to who is signed in to the app, from the form to the callback', async (scene) => {
    const [one, two] = [signedIn(scene, 'one'), signedIn(scene, 'two')]
    const back = await connect(scene, one, { alias: 'Sales', returnTo: '/done' })
    expect([back.status, back.headers.get('location')]).toEqual([303, '/done'])
    expect([await aliases(one), await aliases(two)]).toEqual([['Sales'], []])
    expect(scene.sim.approvals('ada@acme.example')).toHaveLength(1)
  })

  check.on('connect', 'are refused to nobody, and to pages of other origins', async (scene) => {
    const nobody = await scene.browser().post('/auth/connect', { form: {}, headers: asScript })
    expect([nobody.status, await nobody.json()]).toMatchObject([401, { error: 'connection/owner-missing' }])
    const list = await scene.browser().get('/connections', { headers: asScript })
    expect([list.status, await list.json()]).toMatchObject([401, { error: 'connection/owner-missing' }])
    const foreign = await signedIn(scene, 'three').post('/auth/connect', { form: {}, from: 'https://evil.example/' })
    expect(foreign.status).toBe(403)
  })

  check.on('connect', 'are not finished for somebody else', async (scene) => {
    const agent = signedIn(scene, 'four')
    const start = await agent.post('/auth/connect', { form: {} })
    const callback = await scene.sim.signIn(await leadsTo(start), { username: 'ada@acme.example' })
    agent.cookies.set('user=five; Path=/')
    const back = await agent.get(callback.href, { headers: { accept: 'application/json' } })
    expect([back.status, await back.json()]).toMatchObject([403, { error: 'callback/owner-changed' }])
  })

  check.on('connect', 'are disconnected by a form, and only by who owns them', async (scene) => {
    const agent = signedIn(scene, 'six')
    await connect(scene, agent, { alias: 'Six' })
    const wrong = await signedIn(scene, 'seven').post('/auth/disconnect', {
      form: { connection: 'Six' },
      headers: asScript,
    })
    expect([wrong.status, await wrong.json()]).toMatchObject([404, { error: 'connection/not-found' }])
    expect(await aliases(agent)).toEqual(['Six'])
  })

  check.on('standard', 'have no routes where the app offers none', async (scene) => {
    const agent = scene.browser()
    expect((await agent.post('/auth/connect', { form: {} })).status).toBe(404)
    expect((await agent.post('/auth/disconnect', { form: {} })).status).toBe(404)
  })
}
