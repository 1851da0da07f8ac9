import { expect } from 'vitest'
import { asScript } from '../section.ts'
import type { Section } from '../section.ts'
import type { Scene } from '../stage.ts'

const STACK = /node_modules|\.[jt]s:\d|\n\s+at /

export const errors: Section = (check) => {
  check.on('standard', 'of the kit are answered with status, code and hint', async ({ sim, ...scene }) => {
    const agent = scene.browser()
    const away = await agent.get('/auth/login')
    const denied = await sim.signIn(away.headers.get('location') ?? '', { deny: true })
    const answers = [
      await agent.get('/limits'),
      await agent.get('/auth/callback'),
      await agent.get('/auth/callback?code=a&state=b'),
      await agent.get(denied.href),
    ]
    expect(await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()]))).toMatchObject([
      [401, { error: 'session/missing', hint: expect.any(String), needsLogin: true }],
      [400, { error: 'callback/opened-directly', hint: expect.any(String) }],
      [400, { error: 'callback/transaction-missing', hint: expect.any(String) }],
      [403, { error: 'callback/denied', hint: expect.any(String) }],
    ])
  })

  check.on(
    'bare',
    'of the kit are answered by the framework with their status when the app maps nothing',
    async (scene) => {
      const agent = scene.browser()
      const away = await agent.get('/auth/login')
      const denied = await scene.sim.signIn(away.headers.get('location') ?? '', { deny: true })
      const paths = ['/limits', '/auth/callback', '/auth/callback?code=a&state=b', denied.href]
      const answers: [number, string][] = []
      for (const path of paths) {
        const answer = await agent.get(path)
        answers.push([answer.status, await answer.text()])
      }
      const forged = await agent.post('/auth/logout', { headers: { origin: 'https://evil.example' } })
      answers.push([forged.status, await forged.text()])
      expect(answers.map(([status]) => status)).toEqual([401, 400, 400, 403, 403])
      for (const [, text] of answers) expect(text).not.toMatch(STACK)
    },
  )

  check.on('standard', "of the app are the app's to answer", async (scene) => {
    const failed = await (await scene.login()).get('/throw')
    expect([failed.status, await failed.json()]).toEqual([500, { error: 'internal' }])
  })

  const survives = async (scene: Scene): Promise<void> => {
    const { sim } = scene
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await scene.login()
    const before = agent.cookies.get('salesforce.sid')
    sim.expireAccessTokens()
    const failed = await agent.get('/throw')
    expect(failed.status).toBe(500)
    expect(await failed.text()).not.toMatch(STACK)
    expect(failed.headers.getSetCookie().map((line) => line.slice(0, line.indexOf('=')))).toEqual(['salesforce.sid'])
    expect(failed.headers.get('cache-control')).toBe('no-store')
    expect(agent.cookies.get('salesforce.sid')).not.toBe(before)
    expect(await (await agent.get('/limits')).text()).toBe('200')
    expect(scene.refreshes()).toBe(1)
  }
  check.on('bare', "of a handler do not cost the browser its renewed cookie: the framework's own answer", survives)
  check.on('standard', "of a handler do not cost the browser its renewed cookie: the app's answer", survives)

  const ends = async (scene: Scene): Promise<void> => {
    const agent = await scene.login()
    scene.sim.updateUser('ada@acme.example', { active: false })
    expect((await agent.get('/limits')).status).toBe(401)
    expect(agent.cookies.all()).toEqual([])
    expect((await agent.get('/guarded', { headers: asScript })).status).toBe(401)
  }
  check.on('bare', "of a dead grant take the cookie away: the framework's own answer", ends)
  check.on('standard', "of a dead grant take the cookie away: the app's answer", ends)

  check.on('standard', 'of a dead grant say so once, then nobody is logged in', async ({ sim, ...scene }) => {
    const agent = await scene.login()
    sim.updateUser('ada@acme.example', { active: false })
    expect(await (await agent.get('/limits')).json()).toMatchObject({ error: 'token/grant-ended', needsLogin: true })
    expect(await (await agent.get('/limits')).json()).toMatchObject({ error: 'session/missing' })
  })

  check.on('standard', 'of Salesforce log nobody out', async ({ sim, ...scene }) => {
    const agent = await scene.login()
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', { status: 503, body: 'html' })
    const down = await agent.get('/limits')
    expect([down.status, await down.json()]).toMatchObject([502, { error: 'net/server-error', retryable: true }])
    expect(await (await agent.get('/limits')).text()).toBe('200')
  })
}
