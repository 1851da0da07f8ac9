import { expect } from 'vitest'
import type { Section } from '../section.ts'
import type { Scene } from '../stage.ts'

export const bodies: Section = (check) => {
  const reaches = async (scene: Scene): Promise<void> => {
    const bye = await (await scene.login()).post('/auth/logout', { form: { returnTo: '/bye?a=1&b=ü' } })
    expect([bye.status, bye.headers.get('location')]).toEqual([303, '/bye?a=1&b=%C3%BC'])
  }
  check.on('standard', 'a form reaches the logout route', reaches)
  check.on('parsed', 'a form reaches the logout route after a parser', reaches)

  const echoes = async (scene: Scene): Promise<void> => {
    const echo = await (await scene.login()).post('/echo', { form: { a: '1', b: 'ü' } })
    expect(await echo.json()).toEqual({ a: '1', b: 'ü' })
  }
  check.on('standard', 'the app still reads its own body behind the kit', echoes)
  check.on('parsed', 'the app still reads its own body when the parser stands before the kit', echoes)

  check.on('swallowed', 'a body that somebody has swallowed is told as such', async (scene) => {
    const response = await (await scene.login()).post('/auth/logout', { form: { returnTo: '/bye' } })
    expect([response.status, await response.json()]).toMatchObject([400, { error: 'request/body-unreadable' }])
  })

  check.on('swallowed', 'a logout without a body needs none', async (scene) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await (await scene.login()).post('/auth/logout')).status).toBe(303)
    expect((await (await scene.login()).post('/auth/logout', { headers })).status).toBe(303)
  })

  check.on('standard', 'a form beyond 64 KiB is refused', async (scene) => {
    const agent = await scene.login()
    const response = await agent.post('/auth/logout', { form: { returnTo: `/${'x'.repeat(65 * 1024)}` } })
    expect([response.status, await response.json()]).toMatchObject([413, { error: 'request/body-too-large' }])
  })

  check.on('standard', 'a logout with nothing, JSON, a foreign or an unknown field goes home', async (scene) => {
    for (const init of [
      {},
      { json: { returnTo: '/json' } },
      { form: { returnTo: '//evil.example' } },
      { form: { other: '1' } },
    ]) {
      const bye = await (await scene.login()).post('/auth/logout', init)
      expect([bye.status, bye.headers.get('location')]).toEqual([303, '/'])
    }
  })
}
