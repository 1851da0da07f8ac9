import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createClock } from '@orgpass/testing'
import { LIMITS } from '@orgpass/testing/adapter'
import type { Response } from 'express'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { salesforceAuth } from '../src/index.ts'
import { hosts, page, stage } from './stage.ts'

const HOUR = 3_600_000
let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterEach(() => sim.reset())
afterAll(() => sim.close())

describe.each(hosts)('$name: responses', ({ express }) => {
  it.each<[how: string, own: string[], answer: (res: Response) => unknown]>([
    ['adds lines', ['own', 'two'], (res) => res.append('set-cookie', ['own=1', 'two=2'])],
    ['sets the header', ['own', 'two'], (res) => res.setHeader('set-cookie', ['own=1', 'two=2'])],
    ['removes the header', [], (res) => res.cookie('own', '1').removeHeader('set-cookie')],
    ['writes the head', ['own'], (res) => res.writeHead(200, { 'Set-Cookie': 'own=1', 'Cache-Control': 'public' })],
    ['writes a head of lists', ['own', 'two'], (res) => res.writeHead(200, { 'set-cookie': ['own=1', 'two=2'] })],
    ['writes the head with a reason', ['own'], (res) => res.writeHead(200, 'Fine', { 'set-cookie': 'own=1' })],
    ['writes a flat head', ['own', 'two'], (res) => res.writeHead(200, ['set-cookie', 'own=1', 'Set-Cookie', 'two=2'])],
    [
      'writes a head of pairs',
      ['own'],
      (res) =>
        res.writeHead(200, [
          ['set-cookie', 'own=1'],
          ['x-a', '1'],
        ]),
    ],
    ['writes only a status', ['own'], (res) => res.cookie('own', '1').writeHead(200)],
    ['streams', ['own'], (res) => res.cookie('own', '1').write('do')],
    ['flushes early', ['own'], (res) => res.cookie('own', '1').flushHeaders()],
  ])('carry a renewed session even when the app %s, and never to a cache', async (_, own, answer) => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/call',
      page(async (req, res) => {
        await req.salesforce.fetch(LIMITS)
        res.set('cache-control', 'public, max-age=600')
        answer(res)
        if (!res.writableEnded) res.end()
      }),
    )
    const agent = await scene.login()
    sim.expireAccessTokens()
    const { headers, status } = await agent.get('/call')
    const names = headers.getSetCookie().map((line) => line.slice(0, line.indexOf('=')))
    expect([status, ...names]).toEqual([200, ...own, 'salesforce.sid'])
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('that have started get a typed error in place of a renewal; nothing is spent and the process lives', async () => {
    const clock = createClock()
    await using scene = await stage(express, sim)
    const caught: unknown[] = []
    scene.app.use(salesforceAuth({ ...scene.options, now: clock.now, tokenExpiry: { sessionTimeout: HOUR } }))
    scene.app.get(
      '/:use',
      page(async (req, res) => {
        res.write('begin ')
        try {
          await (req.params['use'] === 'token' ? req.salesforce.accessToken() : req.salesforce.fetch(LIMITS))
        } catch (error) {
          caught.push(error)
          throw error
        }
        res.end()
      }),
    )
    const agent = await scene.login()
    clock.advance(2 * HOUR)
    sim.expireAccessTokens()
    for (const path of ['/token', '/fetch']) {
      const response = await agent.get(path)
      expect(response.status).toBe(200)
      await expect(response.text()).rejects.toThrow()
    }
    expect(caught).toMatchObject([{ code: 'session/response-started' }, { code: 'session/response-started' }])
    expect(refreshes()).toBe(0)
    expect((await agent.get('/auth/login')).status).toBe(302)
  })
})

function refreshes(): number {
  return sim.requests.filter(({ grantType }) => grantType === 'refresh_token').length
}
