import { EventEmitter, once } from 'node:events'
import type { NestInterceptor, Type } from '@nestjs/common'
import { UseFilters, UseGuards, UseInterceptors } from '@nestjs/common'
import { WsAdapter } from '@nestjs/platform-ws'
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { requiresBearer } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { Public, Requires, RequiresBearer, Salesforce, SalesforceAuthModule, SalesforceGuard } from '../src/index.ts'
import { bearer } from './contexts/bearer.ts'
import { SocketFilter } from './contexts/socket-filter.ts'
import { talk } from './contexts/web-socket.ts'
import { nest } from './nest-version.ts'
import { cookieHeader, stage } from './stage.ts'
import type { Stage } from './stage.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
beforeEach(() => sim.reset())
afterAll(() => sim.close())

function open(gateway: Type): Promise<Stage> {
  return stage(
    sim,
    (options) => {
      const accepted = { issuers: [sim.org().url], clientIds: [sim.app().clientId] }
      return { imports: [SalesforceAuthModule.forRoot({ ...options, bearer: accepted })], providers: [gateway] }
    },
    { prepare: (app) => void app.useWebSocketAdapter(new WsAdapter(app)) },
  )
}

async function kindOf(salesforce: RequestAuth): Promise<string> {
  return (await salesforce.caller())?.kind ?? 'nobody'
}

interface Gate {
  /** Resolves when something waits. */
  readonly reached: Promise<void>
  wait(): Promise<undefined>
  open(): void
}

function gate(): Gate {
  const events = new EventEmitter()
  const opened = once(events, 'open').then(() => undefined)
  return {
    reached: once(events, 'reached').then(() => undefined),
    wait() {
      events.emit('reached')
      return opened
    },
    open: () => void events.emit('open'),
  }
}

/** Stands between the guards of a handler and its parameters. */
function between(wait: () => Promise<unknown> | undefined): NestInterceptor {
  return {
    async intercept(_context, next) {
      await wait()
      return next.handle()
    },
  }
}

it(`${nest}: messages of one socket at the same time keep to the principal that each was judged by`, async () => {
  const judged = gate()

  @UseGuards(SalesforceGuard)
  @WebSocketGateway()
  class Live {
    @RequiresBearer()
    @UseInterceptors(between(() => judged.wait()))
    @SubscribeMessage('api')
    async api(@Salesforce() salesforce: RequestAuth): Promise<object> {
      return { event: 'api', data: await kindOf(salesforce) }
    }

    @Public()
    @SubscribeMessage('open')
    async open(@Salesforce() salesforce: RequestAuth): Promise<object> {
      return { event: 'open', data: await kindOf(salesforce) }
    }
  }

  await using scene = await open(Live)
  const cookie = cookieHeader(await scene.login('grace@acme.example'))
  await using socket = await talk(scene.url, { origin: scene.url, cookie, authorization: await bearer(sim) })
  const first = socket.ask('api')
  await judged.reached
  expect(await socket.ask('open')).toEqual({ event: 'open', data: 'session' })
  const answer = socket.next()
  judged.open()
  expect(await answer).toEqual({ event: 'api', data: 'bearer' })
  await first
})

it(`${nest}: two messages to one handler never show it what is not judged yet`, async () => {
  const [judged, judging] = [gate(), gate()]
  let isFirst = true

  @UseGuards(SalesforceGuard)
  @WebSocketGateway()
  class Live {
    @Public()
    @Requires(async () => (isFirst ? undefined : judging.wait()))
    @Requires(requiresBearer())
    @UseInterceptors(
      between(() => {
        if (!isFirst) return undefined
        isFirst = false
        return judged.wait()
      }),
    )
    @SubscribeMessage('api')
    async api(@Salesforce() salesforce: RequestAuth): Promise<object> {
      return { event: 'api', data: await kindOf(salesforce) }
    }
  }

  await using scene = await open(Live)
  const cookie = cookieHeader(await scene.login('grace@acme.example'))
  await using socket = await talk(scene.url, { origin: scene.url, cookie, authorization: await bearer(sim) })
  const first = socket.ask('api')
  await judged.reached
  const second = socket.ask('api')
  await judging.reached
  judged.open()
  expect(await first).toEqual({ event: 'api', data: 'bearer' })
  const answer = socket.next()
  judging.open()
  expect(await answer).toEqual({ event: 'api', data: 'bearer' })
  await second
})

it(`${nest}: a handler that no guard stands before has nobody's session, whatever came before on its socket`, async () => {
  class Free {
    @SubscribeMessage('free')
    async free(@Salesforce() salesforce: RequestAuth): Promise<object> {
      return { event: 'free', data: await kindOf(salesforce) }
    }
  }

  @UseFilters(SocketFilter)
  @WebSocketGateway()
  class Live extends Free {
    @UseGuards(SalesforceGuard)
    @SubscribeMessage('me')
    async me(@Salesforce() salesforce: RequestAuth): Promise<object> {
      return { event: 'me', data: await kindOf(salesforce) }
    }
  }

  await using scene = await open(Live)
  await using socket = await talk(scene.url, { origin: scene.url, cookie: cookieHeader(await scene.login()) })
  expect(await socket.ask('me')).toEqual({ event: 'me', data: 'session' })
  expect(await socket.ask('free')).toMatchObject({ event: 'exception', data: { error: 'config/not-mounted' } })
})
