import { Controller, Get, Injectable, UseFilters, UseGuards } from '@nestjs/common'
import type { INestApplication } from '@nestjs/common'
import { WsAdapter } from '@nestjs/platform-ws'
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { memoryStore, SalesforceAuth } from '@orgpass/core'
import type { RequestAuth, SalesforceAuthOptions } from '@orgpass/core'
import { createTenancy } from '@orgpass/core/node'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { leadsTo } from '@orgpass/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Public, Salesforce, SalesforceAuthModule, SalesforceGuard } from '../src/index.ts'
import { SocketFilter } from './contexts/socket-filter.ts'
import { talk } from './contexts/web-socket.ts'
import { nest } from './nest-version.ts'
import { cookieHeader, platforms, stage } from './stage.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterAll(() => sim.close())

interface NodeRequest {
  readonly headers: { readonly host?: string | undefined; readonly cookie?: string | undefined }
}

/** Of the host names of this machine, `localhost` is a tenant and `127.0.0.1` is none. */
function tenantsOf(options: SalesforceAuthOptions): {
  tenancy: ReturnType<typeof createTenancy>
  tenant: typeof hostOf
} {
  return { tenancy: createTenancy((host) => (host === 'localhost' ? options : undefined)), tenant: hostOf }
}
const hostOf = ({ headers: { host = '' } }: NodeRequest): string => host.replace(/:\d+$/, '')
const userOf = ({ headers: { cookie = '' } }: NodeRequest): string | undefined => /user=(\w+)/.exec(cookie)?.[1]

@Injectable()
class Jobs {
  readonly #salesforce: SalesforceAuth

  constructor(salesforce: SalesforceAuth) {
    this.#salesforce = salesforce
  }

  run(): string {
    return this.#salesforce.baseUrl
  }
}

@Controller()
class Pages {
  readonly #jobs: Jobs

  constructor(jobs: Jobs) {
    this.#jobs = jobs
  }

  @Public()
  @Get('job')
  job(): string {
    return this.#jobs.run()
  }
}

@UseGuards(SalesforceGuard)
@UseFilters(SocketFilter)
@WebSocketGateway()
class Live {
  @SubscribeMessage('who')
  async who(@Salesforce() salesforce: RequestAuth): Promise<object> {
    return { event: 'who', data: (await salesforce.session())?.userId }
  }

  @Public()
  @SubscribeMessage('orgs')
  async orgs(@Salesforce() salesforce: RequestAuth): Promise<object> {
    const connections = await salesforce.connections.list()
    return { event: 'orgs', data: connections.map(({ info }) => `${info.owner}: ${info.alias}`) }
  }
}

const sockets = (app: INestApplication): void => void app.useWebSocketAdapter(new WsAdapter(app))

describe.each(platforms)(`${nest} on $name: tenants`, ({ adapter }) => {
  it('have no instance to inject, and whoever uses one all the same hears why', async () => {
    await using scene = await stage(
      sim,
      (options) => ({
        imports: [SalesforceAuthModule.forRootAsync({ useFactory: () => tenantsOf(options) })],
        controllers: [Pages],
        providers: [Jobs],
      }),
      { adapter: adapter() },
    )
    expect((await scene.browser().get('/job')).status).toBe(500)
    expect(() => scene.app.get(Jobs).run()).toThrow('tenancy: has an instance for each tenant, and none for all.')
  })
})

it(`${nest}: the handshake of a socket belongs to the tenant of its host`, async () => {
  await using scene = await stage(
    sim,
    (options) => ({ imports: [SalesforceAuthModule.forRoot(tenantsOf(options))], providers: [Live] }),
    { prepare: sockets },
  )
  const headers = { cookie: cookieHeader(await scene.login()), origin: scene.url }
  await using own = await talk(scene.url, headers)
  expect(await own.ask('who')).toMatchObject({ data: expect.stringMatching(/^005/) })
  await using foreign = await talk(scene.url.replace('localhost', '127.0.0.1'), headers)
  expect(JSON.stringify(await foreign.ask('who'))).toContain('no tenant')
})

it(`${nest}: a socket has the connections of whoever its handshake says is signed in to the app`, async () => {
  await using scene = await stage(
    sim,
    (options) => ({
      imports: [SalesforceAuthModule.forRoot({ ...options, connect: { store: memoryStore() }, owner: userOf })],
      providers: [Live],
    }),
    { prepare: sockets },
  )
  const agent = scene.browser()
  agent.cookies.set('user=nora; Path=/')
  const start = await agent.post('/auth/connect', { form: { alias: 'Sales' } })
  await agent.get((await sim.signIn(await leadsTo(start), { username: 'ada@acme.example' })).href)
  const ask = async (headers: Record<string, string>): Promise<unknown> => {
    await using socket = await talk(scene.url, headers)
    return await socket.ask('orgs')
  }
  expect(await ask({ cookie: 'user=nora', origin: scene.url })).toMatchObject({ data: ['nora: Sales'] })
  expect(await ask({ cookie: 'user=tess', origin: scene.url })).toMatchObject({ data: [] })
  expect(JSON.stringify(await ask({ cookie: 'user=nora', origin: 'https://evil.example' }))).toContain(
    'Nobody is signed',
  )
})
