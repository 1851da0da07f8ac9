import { expect } from 'vitest'
import { createAgent } from '../../agent.ts'
import { asScript } from '../section.ts'
import type { Section } from '../section.ts'
import { sendRaw } from '../raw-request.ts'
import { signIn } from '../sign-in.ts'

const CLAIMS = ['Host: evil.example', 'X-Forwarded-Host: evil.example', 'Forwarded: host=evil.example;proto=https']

export const proxies: Section = (check) => {
  check.staged('that take the base path away lead back below it', async (stage) => {
    await using proxy = await stage.behindPrefix('/app')
    const agent = createAgent(proxy.url)
    const back = await signIn(stage.sim, agent, { start: '/app/auth/login?returnTo=/app/me' })
    expect(back.headers.get('location')).toBe('/app/me')
    expect(await (await agent.follow(back)).json()).toMatchObject({ orgId: stage.sim.org().id })
    const bye = await agent.post('/app/auth/logout')
    expect([bye.status, bye.headers.get('location')]).toEqual([303, '/app/'])
  })

  check.staged('that take the base path away lead back to a guarded page', async (stage) => {
    await using proxy = await stage.behindPrefix('/app')
    const agent = createAgent(proxy.url)
    const back = await signIn(stage.sim, agent, { start: '/app/guarded' })
    expect(back.headers.get('location')).toBe('/app/guarded')
    const refused = await createAgent(proxy.url).get('/app/guarded', { headers: asScript })
    expect(await refused.json()).toMatchObject({ login: '/app/auth/login' })
  })

  for (const header of CLAIMS) {
    check.on('standard', `and what they claim changes no address: ${header}`, async ({ url, port, sim }) => {
      const claims = [header, 'X-Forwarded-Proto: https', 'X-Forwarded-Prefix: /evil', 'X-Forwarded-Port: 1']
      const { headers } = await sendRaw(port, 'GET /auth/login', claims)
      const location = new URL(/^location: (.*)$/im.exec(headers)?.[1] ?? '')
      expect(location.origin).toBe(sim.org().url)
      expect(location.searchParams.get('redirect_uri')).toBe(`${url}/auth/callback`)
      expect(headers).toMatch(/^set-cookie: salesforce\.tx/im)
      expect(headers).not.toMatch(/evil|; Secure/i)
    })
  }
}
