import { expect } from 'vitest'
import { sendRaw } from '../raw-request.ts'
import type { RawAnswer } from '../raw-request.ts'
import type { Section } from '../section.ts'
import type { Scene } from '../stage.ts'

const TARGETS = [
  'GET //',
  'GET //evil.example',
  'GET //evil.example/auth/login',
  'GET ///evil.example',
  'GET /\\evil.example',
  'GET /\\/evil.example/%2e%2e',
  'GET /%00',
  'GET /%2e%2e//evil.example',
  'GET /%2f%2fevil.example',
  'GET /%zz',
  'GET /%0d%0aset-cookie:%20evil=1',
  'GET /auth/login/',
  'GET /auth//login',
  'GET /auth/login%00',
  'GET /auth/login;x=1',
  'GET /auth/login?returnTo=//evil.example',
  'GET /auth/login?returnTo=https://evil.example',
  'GET /auth/callback?state=%00&code=%',
  'GET /auth/callback?state[a]=1&state=2&code=3&code=4',
  'GET /auth/callback#fragment?code=1',
  'GET ?',
  'GET *',
  'OPTIONS *',
  'GET http://evil.example/auth/login',
  'GET http://evil.example/',
  'GET http://user:pass@evil.example/',
  'TRACE /',
  'TRACE /auth/login',
  'CONNECT evil.example:443',
  'PROPFIND /auth/login',
  'QUERY /auth/logout',
  'EVIL /',
]

const RETURNS = ['//evil.example/page', '/%2f/evil.example', '/.//evil.example', 'http://evil.example/page']

export const targets: Section = (check) => {
  for (const target of TARGETS) {
    check.on('closed', `${target} leads nobody astray and kills nothing`, async (scene) => {
      const answer = await sendRaw(scene.port, target)
      // Hosts end what is no HTTP to them in their own ways, before the app: without a word, or with a 500.
      const reachesApps = !/^(?:CONNECT|EVIL) /.test(target)
      if (reachesApps || answer.status !== 500) expectHarmless(scene, answer)
      if (reachesApps) expect(answer.status).toBeGreaterThanOrEqual(200)
      await expectAlive(scene)
    })
  }

  check.on('closed', 'an oversized target or header kills nothing', async (scene) => {
    expectHarmless(scene, await sendRaw(scene.port, `GET /${'x'.repeat(20_000)}`))
    expectHarmless(scene, await sendRaw(scene.port, 'GET /', [`X-Long: ${'x'.repeat(20_000)}`]))
    expectHarmless(scene, await sendRaw(scene.port, 'GET /', [`Cookie: ${'salesforce.sid=x; '.repeat(500)}a=b`]))
    await expectAlive(scene)
  })

  for (const target of RETURNS) {
    check.on('closed', `a guard at ${target} leads back into the app after the login`, async (scene) => {
      const { headers, status } = await sendRaw(scene.port, `GET ${target}`)
      // A host may refuse such a target by itself.
      if (status >= 400 && status < 500) return
      const agent = scene.browser()
      for (const [, line = ''] of headers.matchAll(/^set-cookie: (.*)$/gim)) agent.cookies.set(line)
      const callback = await scene.sim.signIn(/^location: (.*)$/im.exec(headers)?.[1] ?? '')
      const back = await agent.get(callback.href)
      expect(back.status).toBe(303)
      expect(new URL(back.headers.get('location') ?? '', scene.url).origin).toBe(scene.url)
    })
  }
}

function expectHarmless(scene: Scene, { status, headers, body }: RawAnswer): void {
  // 501 and 505 are how a host says that it knows no such method or version.
  if (status !== 501 && status !== 505) expect(status).toBeLessThan(500)
  expect(headers + body).not.toMatch(/planted=1|^set-cookie: evil/im)
  const location = /^location: (.*)$/im.exec(headers)?.[1]
  if (location === undefined) return
  const { origin, searchParams } = new URL(location, scene.url)
  if (origin !== scene.url) {
    expect([origin, searchParams.get('redirect_uri')]).toEqual([scene.sim.org().url, `${scene.url}/auth/callback`])
  }
}

async function expectAlive(scene: Scene): Promise<void> {
  const { status, headers } = await sendRaw(scene.port, 'GET /')
  expect(status).toBe(302)
  expect(headers).toContain(`${scene.sim.org().url}/services/oauth2/authorize?`)
}
