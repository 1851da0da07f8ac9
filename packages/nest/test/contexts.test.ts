import { WsAdapter } from '@nestjs/platform-ws'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import type { Agent } from '@orgpass/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bearer } from './contexts/bearer.ts'
import { everything, withoutGateway } from './contexts/everything.ts'
import { subscribe } from './contexts/subscription.ts'
import { talk } from './contexts/web-socket.ts'
import { nest } from './nest-version.ts'
import { cookieHeader, platforms, script, stage } from './stage.ts'
import type { Stage } from './stage.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
beforeEach(() => sim.reset())
afterAll(() => sim.close())

interface GraphqlAnswer {
  readonly data?: unknown
  readonly errors?: readonly { message: string; extensions: { code: string; originalError?: unknown } }[]
}

async function query(agent: Agent, text: string, headers = {}): Promise<GraphqlAnswer> {
  const response = await agent.post('/graphql', { json: { query: text }, headers: { ...script, ...headers } })
  return (await response.json()) as GraphqlAnswer
}

describe.each(platforms)(`${nest} on $name: one guard for everything`, ({ adapter }) => {
  let scene: Stage
  beforeAll(async () => {
    scene = await stage(sim, everything, {
      adapter: adapter(),
      prepare: (app) => void app.useWebSocketAdapter(new WsAdapter(app)),
    })
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  it('strangers reach what is public, of each kind, and nothing else', async () => {
    const agent = scene.browser()
    expect((await agent.get('/who', { headers: script })).status).toBe(401)
    expect(await (await agent.get('/open')).text()).toBe('nobody')
    expect(await query(agent, '{ who }')).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'UNAUTHENTICATED', originalError: { error: 'session/missing' } } }],
    })
    expect(await query(agent, '{ open }')).toEqual({ data: { open: 'nobody' } })
    await using socket = await talk(`${scene.url}/live`, { origin: scene.url })
    expect(await socket.ask('who')).toMatchObject({ event: 'exception', data: { error: 'session/missing' } })
    expect(await socket.ask('open')).toEqual({ event: 'open', data: 'nobody' })
  })

  it('who is logged in reaches all of it, and every handler knows who that is', async () => {
    const agent = await scene.login()
    const id = await (await agent.get('/who')).text()
    expect(id).toMatch(/^005/)
    expect(await (await agent.get('/open')).text()).toBe(id)
    expect(await query(agent, '{ who open }')).toEqual({ data: { who: id, open: id } })
    await using socket = await talk(`${scene.url}/live`, { origin: scene.url, cookie: cookieHeader(agent) })
    expect(await socket.ask('who')).toEqual({ event: 'who', data: id })
    expect(await socket.ask('open')).toEqual({ event: 'open', data: id })
  })

  it('a socket that a foreign page opened, or nobody says who, has no session, whatever cookies it brings', async () => {
    const cookie = cookieHeader(await scene.login())
    for (const origin of [{ origin: 'https://evil.example' }, { origin: 'null' }, {}]) {
      await using socket = await talk(`${scene.url}/live`, { ...origin, cookie })
      for (const event of ['who', 'sales', 'limits', 'write']) {
        expect(await socket.ask(event)).toMatchObject({ event: 'exception', data: { error: 'request/cross-origin' } })
      }
      expect(await socket.ask('open')).toEqual({ event: 'open', data: 'nobody' })
      expect(await socket.ask('maybe')).toEqual({ event: 'maybe', data: 'nobody' })
    }
  })

  it('a socket notices that its session ended', async () => {
    const agent = await scene.login()
    await using socket = await talk(`${scene.url}/live`, { origin: scene.url, cookie: cookieHeader(agent) })
    expect(await socket.ask('who')).toMatchObject({ event: 'who' })
    expect((await agent.post('/auth/logout')).status).toBe(303)
    expect(await socket.ask('who')).toMatchObject({ event: 'exception', data: { error: 'session/missing' } })
  })

  it('a socket spends no refresh token that it could not give back to the browser', async () => {
    const agent = await scene.login()
    await using socket = await talk(`${scene.url}/live`, { origin: scene.url, cookie: cookieHeader(agent) })
    expect(await socket.ask('limits')).toEqual({ event: 'limits', data: 200 })
    sim.expireAccessTokens()
    expect(await socket.ask('limits')).toMatchObject({
      event: 'exception',
      data: { error: 'session/response-started' },
    })
    expect(sim.requests.filter(({ grantType }) => grantType === 'refresh_token')).toEqual([])
  })

  it('requirements hold in every kind of handler, and say what is missing', async () => {
    const agent = await scene.login()
    await using socket = await talk(`${scene.url}/live`, { origin: scene.url, cookie: cookieHeader(agent) })
    const forbidden = { error: 'request/forbidden', requirement: 'profile' }
    expect(await socket.ask('sales')).toMatchObject({ event: 'exception', data: forbidden })
    expect(await query(agent, '{ sales }')).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN', originalError: forbidden } }],
    })
    const grace = await scene.login('grace@acme.example')
    expect(await query(grace, '{ sales }')).toEqual({ data: { sales: 'in' } })
    await using other = await talk(`${scene.url}/live`, { origin: scene.url, cookie: cookieHeader(grace) })
    expect(await other.ask('sales')).toEqual({ event: 'sales', data: 'in' })
    expect(await other.ask('write')).toEqual({ event: 'write', data: 'in' })
  })

  it('a program opens a socket with a bearer token and needs no origin', async () => {
    await using socket = await talk(`${scene.url}/live`, { authorization: await bearer(sim) })
    expect(await socket.ask('api')).toMatchObject({ event: 'api' })
    await using stranger = await talk(`${scene.url}/live`, { cookie: cookieHeader(await scene.login()) })
    expect(await stranger.ask('api')).toMatchObject({ event: 'exception', data: { error: 'request/bearer-missing' } })
  })

  it("the kit's errors keep their code in a resolver", async () => {
    expect(await query(await scene.login(), '{ failing }')).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED', originalError: { error: 'session/missing' } } }],
    })
  })

  it('a subscription knows who opened it, and a foreign page opens none', async () => {
    await using scene = await stage(sim, withoutGateway, { adapter: adapter() })
    const agent = await scene.login()
    const id = await (await agent.get('/who')).text()
    const cookie = cookieHeader(agent)
    const text = 'subscription { ticks }'
    expect(await subscribe(scene.url, text, { origin: scene.url, cookie })).toEqual({ data: { ticks: id } })
    for (const headers of [{ origin: 'https://evil.example', cookie }, { cookie }, { origin: scene.url }]) {
      expect(JSON.stringify(await subscribe(scene.url, text, headers))).toMatch(/own pages only|Nobody is logged in/)
    }
  })
})
