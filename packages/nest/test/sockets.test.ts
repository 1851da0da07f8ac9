import type { Type } from '@nestjs/common'
import { UseFilters, UseGuards } from '@nestjs/common'
import { IoAdapter } from '@nestjs/platform-socket.io'
import { WsAdapter } from '@nestjs/platform-ws'
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { memoryStore } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { freePort } from '@orgpass/testing'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  rememberHandshake,
  Salesforce,
  SalesforceAuthModule,
  SalesforceErrorFilter,
  SalesforceGuard,
} from '../src/index.ts'
import { SocketFilter } from './contexts/socket-filter.ts'
import { talk } from './contexts/web-socket.ts'
import { nest } from './nest-version.ts'
import { cookieHeader, stage } from './stage.ts'
import type { Stage } from './stage.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterAll(() => sim.close())

function open(gateway: Type, adapter: typeof WsAdapter | typeof IoAdapter): Promise<Stage> {
  return stage(sim, (options) => ({ imports: [SalesforceAuthModule.forRoot(options)], providers: [gateway] }), {
    prepare: (app) => void app.useWebSocketAdapter(new adapter(app)),
  })
}

it(`${nest}: a Socket.IO client is known by its handshake, over WebSocket`, async () => {
  @UseGuards(SalesforceGuard)
  @UseFilters(SalesforceErrorFilter)
  @WebSocketGateway()
  class Live {
    @SubscribeMessage('who')
    async who(@Salesforce() salesforce: RequestAuth): Promise<object> {
      return { event: 'who', data: (await salesforce.session())?.userId }
    }
  }

  await using scene = await open(Live, IoAdapter)
  const cookie = cookieHeader(await scene.login())
  const ask = async (extraHeaders: Record<string, string>): Promise<unknown> => {
    const socket = io(scene.url, { transports: ['websocket'], extraHeaders, forceNew: true })
    const answer = new Promise((resolve) => void socket.once('who', resolve).once('exception', resolve))
    socket.emit('who')
    return answer.finally(() => void socket.disconnect())
  }
  expect(await ask({ cookie, origin: scene.url })).toMatch(/^005/)
  expect(await ask({ cookie, origin: 'https://evil.example' })).toMatchObject({ error: 'request/cross-origin' })
  expect(await ask({ origin: scene.url })).toMatchObject({ error: 'session/missing' })
})

it(`${nest}: a gateway with a port of its own hands over the handshake, or hears that it has to`, async () => {
  const [told, untold] = [await freePort(), await freePort()]

  @UseGuards(SalesforceGuard)
  @UseFilters(SocketFilter)
  class Live {
    @SubscribeMessage('who')
    async who(@Salesforce() salesforce: RequestAuth): Promise<object> {
      return { event: 'who', data: (await salesforce.session())?.userId }
    }
  }

  @WebSocketGateway(told)
  class Told extends Live {
    handleConnection(client: object, request: Parameters<typeof rememberHandshake>[1]): void {
      rememberHandshake(client, request)
    }
  }

  @WebSocketGateway(untold)
  class Untold extends Live {}

  await using scene = await stage(
    sim,
    (options) => ({ imports: [SalesforceAuthModule.forRoot(options)], providers: [Told, Untold] }),
    { prepare: (app) => void app.useWebSocketAdapter(new WsAdapter(app)) },
  )
  const headers = { origin: scene.url, cookie: cookieHeader(await scene.login()) }
  await using socket = await talk(`http://localhost:${told}`, headers)
  expect(await socket.ask('who')).toMatchObject({ event: 'who', data: expect.stringMatching(/^005/) })
  await using other = await talk(`http://localhost:${untold}`, headers)
  expect(await other.ask('who')).toMatchObject({ event: 'exception', data: { error: 'config/not-mounted' } })
})

it(`${nest}: a handler that no guard stands before gives nobody's session away`, async () => {
  @UseFilters(SocketFilter)
  @WebSocketGateway()
  class Live {
    @SubscribeMessage('who')
    async who(@Salesforce() salesforce: RequestAuth): Promise<object> {
      return { event: 'who', data: (await salesforce.session())?.userId }
    }
  }

  await using scene = await open(Live, WsAdapter)
  await using socket = await talk(scene.url, { origin: scene.url, cookie: cookieHeader(await scene.login()) })
  expect(await socket.ask('who')).toMatchObject({ event: 'exception', data: { error: 'config/not-mounted' } })
})

it(`${nest}: with a session store, a socket renews its token by itself`, async () => {
  @UseGuards(SalesforceGuard)
  @WebSocketGateway()
  class Live {
    @SubscribeMessage('limits')
    async limits(@Salesforce() salesforce: RequestAuth): Promise<object> {
      return { event: 'limits', data: (await salesforce.fetch('/services/data/v64.0/limits')).status }
    }
  }

  await using scene = await stage(
    sim,
    (options) => {
      const session = { ...options.session, store: memoryStore() }
      return { imports: [SalesforceAuthModule.forRoot({ ...options, session })], providers: [Live] }
    },
    { prepare: (app) => void app.useWebSocketAdapter(new WsAdapter(app)) },
  )
  await using socket = await talk(scene.url, { origin: scene.url, cookie: cookieHeader(await scene.login()) })
  sim.expireAccessTokens()
  expect(await socket.ask('limits')).toEqual({ event: 'limits', data: 200 })
  expect(sim.requests.filter(({ grantType }) => grantType === 'refresh_token')).toHaveLength(1)
})
