import { expect } from 'vitest'
import { asScript } from '../section.ts'
import type { Section } from '../section.ts'
import { signIn } from '../sign-in.ts'

export const instances: Section = (check) => {
  check.on('two', 'of different names keep two people in one browser', async ({ sim, ...scene }) => {
    const agent = await scene.login()
    const away = await agent.get('/names', { headers: asScript })
    expect(away.headers.get('www-authenticate')).toBe('Salesforce realm="partner"')
    expect(await away.json()).toMatchObject({ login: '/partner/login' })
    await signIn(sim, agent, { start: '/partner/login', username: 'grace@acme.example' })
    expect(await (await agent.get('/names')).json()).toEqual(['ada@acme.example', 'grace@acme.example'])
    await agent.post('/partner/logout')
    expect((await agent.get('/names', { headers: asScript })).status).toBe(401)
    expect(await (await agent.get('/guarded')).text()).toBe('in')
  })

  check.on('two', 'renew their sessions side by side', async ({ sim, ...scene }) => {
    const agent = await scene.login()
    await signIn(sim, agent, { start: '/partner/login', username: 'grace@acme.example' })
    sim.expireAccessTokens()
    const names = await agent.get('/names')
    expect(await names.json()).toEqual(['ada@acme.example', 'grace@acme.example'])
    const cookies = names.headers.getSetCookie().map((line) => line.slice(0, line.indexOf('=')))
    expect(cookies.toSorted()).toEqual(['partner.sid', 'salesforce.sid'])
    expect(scene.refreshes()).toBe(2)
  })

  check.refused('duplicate', 'of the same name are refused in place of mixing sessions', 'config/duplicate-name')
  check.refused('unmounted', 'that were never mounted are missed with a hint', 'config/not-mounted')
}
