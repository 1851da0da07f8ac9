import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import type { RequestHandler } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requiresAuth, salesforceAuth } from '../src/index.ts'
import { asJson, hosts, stage } from './stage.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterAll(() => sim.close())

describe.each(hosts)('$name: request bodies', ({ express }) => {
  const parsers: [name: string, parsers: RequestHandler[]][] = [
    ['nothing', []],
    ['express.urlencoded({ extended: false })', [express.urlencoded({ extended: false })]],
    ['express.urlencoded({ extended: true })', [express.urlencoded({ extended: true })]],
    ['express.json()', [express.json()]],
    ['express.json() and express.urlencoded()', [express.json(), express.urlencoded({ extended: true })]],
    ['express.text()', [express.text({ type: '*/*' })]],
    ['express.raw()', [express.raw({ type: '*/*' })]],
  ]

  it.each(parsers)('a form reaches the logout route after %s', async (_, before) => {
    await using scene = await stage(express, sim)
    scene.app.use([passOn, ...before], salesforceAuth(scene.options), asJson)
    const agent = await scene.login()
    const bye = await agent.post('/auth/logout', { form: { returnTo: '/bye?a=1&b=ü' } })
    expect([bye.status, bye.headers.get('location')]).toEqual([303, '/bye?a=1&b=%C3%BC'])
  })

  it.each(parsers)('the app still reads its own body when %s stands behind', async (_, after) => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options), express.urlencoded({ extended: false }), ...after)
    scene.app.post('/echo', requiresAuth(), (req, res) => void res.json(req.body))
    const agent = await scene.login()
    expect(await (await agent.post('/echo', { form: { a: '1' } })).json()).toEqual({ a: '1' })
  })
})

const passOn: RequestHandler = (_req, _res, next) => next()
