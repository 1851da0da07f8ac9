import { createSalesforceAuth } from '@orgpass/core/node'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { signIn } from '@orgpass/testing/adapter'
import express5 from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requiresAuth, salesforceAuth, salesforceOf } from '../src/index.ts'
import { asJson, hosts, page, stage } from './stage.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterAll(() => sim.close())

describe.each(hosts)('$name: mounting', ({ express }) => {
  it.each(['/app', '/a/b'])('the middleware alone may stand under %s', async (path) => {
    await using scene = await stage(express, sim)
    scene.app.use(path, salesforceAuth({ ...scene.options, baseUrl: scene.url + path }))
    scene.app.get(`${path}/page`, requiresAuth(), (_req, res) => void res.send('in'))
    const agent = scene.browser()
    expect((await agent.get('/auth/login')).status).toBe(404)
    const back = await signIn(sim, agent, { start: `${path}/page` })
    expect(back.headers.get('location')).toBe(`${path}/page`)
    expect(await (await agent.follow(back)).text()).toBe('in')
    expect((await agent.post(`${path}/auth/logout`)).status).toBe(303)
  })

  it('one instance may be shared by apps that are mounted side by side', async () => {
    await using scene = await stage(express, sim)
    const shared = createSalesforceAuth(scene.options, {})
    const [left, right] = [express(), express()]
    for (const app of [left, right]) {
      app.use(salesforceAuth(shared))
      app.get(
        '/me',
        requiresAuth(),
        page(async (req, res) => res.json(await req.salesforce.session())),
      )
    }
    scene.app.use('/left', left)
    scene.app.use('/right', right)
    scene.app.use(salesforceAuth(shared))
    const agent = await scene.login()
    const ids = await Promise.all(['/left/me', '/right/me'].map(async (path) => (await agent.get(path)).json()))
    expect(ids[0]).toMatchObject({ orgId: sim.org().id })
    expect(ids[0]).toEqual(ids[1])
  })

  it('the request property is found by its name only: no other library sees it listed', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get('/keys', (req, res) => {
      expect(req.salesforce).toBe(salesforceOf(req))
      res.json(Object.keys(req).includes('salesforce'))
    })
    expect(await (await scene.browser().get('/keys')).json()).toBe(false)
  })

  it('an instance of another name is found under that name', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth({ ...scene.options, name: 'partner' }))
    scene.app.get('/same', (req, res) => {
      res.json(Reflect.get(req, 'partner') === salesforceOf(req, { name: 'partner' }))
    })
    expect(await (await scene.browser().get('/same')).json()).toBe(true)
  })
})

it('Express 5 hands a rejected handler on by itself', async () => {
  await using scene = await stage(express5, sim)
  scene.app.use(salesforceAuth(scene.options))
  scene.app.get('/call', async (req, res) => {
    res.json(await req.salesforce.accessToken())
  })
  scene.app.use(asJson)
  expect(await (await scene.browser().get('/call')).json()).toMatchObject({ error: 'session/missing' })
})
