import { Controller, Get, Inject, Injectable, Module, Scope, UseGuards, Version, VersioningType } from '@nestjs/common'
import type { CallHandler, ExecutionContext, ModuleMetadata, NestInterceptor } from '@nestjs/common'
import { APP_GUARD, APP_INTERCEPTOR, REQUEST } from '@nestjs/core'
import { anyOf, requiresAuth, requiresBearer, SalesforceAuth } from '@orgpass/core'
import type { RequestAuth, SalesforceAuthOptions } from '@orgpass/core'
import { createSalesforceAuth } from '@orgpass/core/node'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { map } from 'rxjs'
import type { Observable } from 'rxjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  InjectSalesforce,
  OptionalAuth,
  Public,
  Requires,
  RequiresAuth,
  RequiresOrg,
  RequiresScope,
  Salesforce,
  SalesforceAuthModule,
  SalesforceGuard,
} from '../src/index.ts'
import { bearer } from './contexts/bearer.ts'
import { nest } from './nest-version.ts'
import { platforms, script, signIn, stage } from './stage.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterAll(() => sim.close())

const guard = { provide: APP_GUARD, useClass: SalesforceGuard }

@Controller()
class Who {
  @Get('who')
  async who(@Salesforce() salesforce: RequestAuth): Promise<string> {
    return (await salesforce.session())?.userId ?? 'nobody'
  }

  @Public()
  @Get('open')
  open(): string {
    return 'open'
  }
}

@Controller()
class Offline {
  readonly #salesforce: SalesforceAuth

  constructor(salesforce: SalesforceAuth) {
    this.#salesforce = salesforce
  }

  @Public()
  @Get('base')
  base(): string {
    return this.#salesforce.baseUrl
  }
}

describe.each(platforms)(`${nest} on $name: the module`, ({ adapter }) => {
  const open = (describe: (options: SalesforceAuthOptions) => ModuleMetadata, more = {}): ReturnType<typeof stage> =>
    stage(sim, describe, { adapter: adapter(), ...more })

  it('takes its options from a factory with what it injects', async () => {
    @Module({ providers: [{ provide: 'ID', useFactory: () => sim.app().clientId }], exports: ['ID'] })
    class Settings {}

    await using scene = await open((options) => ({
      imports: [
        SalesforceAuthModule.forRootAsync({
          imports: [Settings],
          inject: ['ID'],
          useFactory: async (clientId: string) => ({ ...options, clientId }),
        }),
      ],
      controllers: [Who],
      providers: [guard],
    }))
    expect(await (await (await scene.login()).get('/who')).text()).toMatch(/^005/)
  })

  it('takes its options from a class, and its instance is injected by its own', async () => {
    let given: SalesforceAuthOptions = {}

    @Injectable()
    class Settings {
      createSalesforceOptions(): SalesforceAuthOptions {
        return given
      }
    }

    await using scene = await open((options) => {
      given = options
      return {
        imports: [SalesforceAuthModule.forRootAsync({ useClass: Settings })],
        controllers: [Who, Offline],
        providers: [guard],
      }
    })
    expect(await (await scene.browser().get('/base')).text()).toBe(`${scene.url}/`)
    expect((await scene.browser().get('/who', { headers: script })).status).toBe(401)
  })

  it('takes an instance that was created before, its methods intact', async () => {
    await using scene = await open((options) => ({
      imports: [SalesforceAuthModule.forRoot({ instance: createSalesforceAuth(options, {}) })],
      controllers: [Who],
      providers: [guard],
    }))
    expect(await (await (await scene.login()).get('/who')).text()).toMatch(/^005/)
  })

  it('refuses to start without what it needs, and says everything that is wrong', async () => {
    const scene = open(() => ({ imports: [SalesforceAuthModule.forRoot({ clientId: 'x', routes: { login: 'in' } })] }))
    await expect(scene).rejects.toMatchObject({
      code: 'config/invalid',
      message: expect.stringMatching(/routes\.login[^]*loginUrl|loginUrl[^]*routes\.login/),
    })
  })

  it('injects several instances by name, also where they are not global', async () => {
    @Injectable()
    class Both {
      readonly names: string[]

      constructor(
        @InjectSalesforce() first: SalesforceAuth,
        @InjectSalesforce({ name: 'partner' }) second: SalesforceAuth,
      ) {
        this.names = [first.name, second.name]
      }
    }

    const routes = { login: '/partner/login', callback: '/partner/callback', logout: '/partner/logout' }
    await using scene = await open((options) => ({
      imports: [
        SalesforceAuthModule.forRoot({ ...options, isGlobal: false }),
        SalesforceAuthModule.forRootAsync({ name: 'partner', useFactory: () => ({ ...options, routes }) }),
      ],
      providers: [Both],
    }))
    expect(scene.app.get(Both).names).toEqual(['salesforce', 'partner'])
    expect((await scene.browser().get('/partner/login')).status).toBe(302)
  })

  it('a global prefix leaves the auth routes where `routes` says', async () => {
    const prefixed = { prepare: (app: { setGlobalPrefix(prefix: string): unknown }) => void app.setGlobalPrefix('api') }
    const app = (options: SalesforceAuthOptions): ModuleMetadata => ({
      imports: [SalesforceAuthModule.forRoot(options)],
      controllers: [Who],
      providers: [guard],
    })
    await using scene = await open(app, prefixed)
    const agent = await scene.login()
    expect(await (await agent.get('/api/who')).text()).toMatch(/^005/)
    expect((await agent.get('/api/auth/login')).status).toBe(404)
    const forged = await agent.post('/auth/logout', { headers: { origin: 'https://evil.example' } })
    expect([forged.status, await forged.json()]).toMatchObject([403, { error: 'request/cross-origin' }])
    expect((await agent.post('/auth/logout', { form: { returnTo: '/bye' } })).headers.get('location')).toBe('/bye')

    await using below = await open(app, { ...prefixed, path: '/api' })
    expect(await (await (await below.login()).get('/api/who')).text()).toMatch(/^005/)
    expect((await below.browser().get('/auth/login')).status).toBe(404)
  })

  it('a route outside of the global prefix is guarded all the same', async () => {
    await using scene = await open(
      (options) => ({ imports: [SalesforceAuthModule.forRoot(options)], controllers: [Who], providers: [guard] }),
      {
        path: '/api',
        prepare: (app: { setGlobalPrefix(prefix: string, options: object): unknown }) =>
          void app.setGlobalPrefix('api', { exclude: ['who'] }),
      },
    )
    expect((await scene.browser().get('/who', { headers: script })).status).toBe(401)
    expect(await (await (await scene.login()).get('/who')).text()).toMatch(/^005/)
  })

  it('works behind versions, interceptors and providers of the request', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Clock {
      readonly at: string

      constructor(@Inject(REQUEST) request: { url: string }) {
        this.at = request.url
      }
    }

    @Controller({ path: 'scoped', version: '2' })
    class Scoped {
      readonly #clock: Clock

      constructor(clock: Clock) {
        this.#clock = clock
      }

      @Version('2')
      @Get()
      async at(@Salesforce() salesforce: RequestAuth): Promise<object> {
        return { at: this.#clock.at, user: (await salesforce.session())?.userId }
      }
    }

    @Injectable()
    class Wrapping implements NestInterceptor {
      intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
        return next.handle().pipe(map((data: unknown) => ({ data })))
      }
    }

    await using scene = await open(
      (options) => ({
        imports: [SalesforceAuthModule.forRoot(options)],
        controllers: [Scoped],
        providers: [guard, Clock, { provide: APP_INTERCEPTOR, useClass: Wrapping }],
      }),
      {
        prepare: (app: { enableVersioning(options: { type: VersioningType.URI }): unknown }) =>
          void app.enableVersioning({ type: VersioningType.URI }),
      },
    )
    const refused = await scene.browser().get('/v2/scoped', { headers: script })
    expect([refused.status, await refused.json()]).toMatchObject([401, { statusCode: 401, error: 'session/missing' }])
    expect(await (await (await scene.login()).get('/v2/scoped')).json()).toEqual({
      data: { at: '/v2/scoped', user: expect.stringMatching(/^005/) },
    })
  })
})

describe(`${nest}: decorators`, () => {
  @RequiresOrg('00D000000000062EAA')
  class Base {}

  @RequiresScope('web')
  @Controller('strict')
  class Strict extends Base {
    @Get('own')
    own(): string {
      return 'in'
    }

    @Public()
    @Get('public')
    public(): string {
      return 'in'
    }

    @Public()
    @RequiresScope('api')
    @Get('both')
    both(): string {
      return 'in'
    }

    @OptionalAuth()
    @Get('optional')
    optional(): string {
      return 'in'
    }
  }

  @Public()
  @Controller('lax')
  class Lax {
    @Get('own')
    own(): string {
      return 'in'
    }

    @RequiresAuth()
    @Get('auth')
    auth(): string {
      return 'in'
    }

    @RequiresScope('web')
    @Get('scope')
    scope(): string {
      return 'in'
    }
  }

  @UseGuards(SalesforceGuard)
  @Controller('single')
  class Single {
    @Get()
    single(): string {
      return 'in'
    }
  }

  const statuses = async (agent: ReturnType<Awaited<ReturnType<typeof stage>>['browser']>): Promise<object> => {
    const paths = [
      'strict/own',
      'strict/public',
      'strict/both',
      'strict/optional',
      'lax/own',
      'lax/auth',
      'lax/scope',
      'single',
    ]
    const found: [string, number][] = []
    for (const path of paths) found.push([path, (await agent.get(`/${path}`, { headers: script })).status])
    return Object.fromEntries(found)
  }

  it.each([
    ['with a guard for all', [guard]],
    ['without one: what requires something brings it along', []],
  ])('%s', async (_title, providers) => {
    await using scene = await stage(sim, (options) => ({
      imports: [SalesforceAuthModule.forRoot(options)],
      controllers: [Strict, Lax, Single],
      providers,
    }))
    expect(await statuses(scene.browser())).toEqual({
      'strict/own': 401,
      'strict/public': 200,
      'strict/both': 401,
      'strict/optional': 200,
      'lax/own': 200,
      'lax/auth': 401,
      'lax/scope': 401,
      single: 401,
    })
    expect(await statuses(await scene.login())).toEqual({
      'strict/own': 403,
      'strict/public': 200,
      'strict/both': 200,
      'strict/optional': 403,
      'lax/own': 200,
      'lax/auth': 200,
      'lax/scope': 403,
      single: 200,
    })
  })

  it('several instances: each guard judges the one it names', async () => {
    @RequiresAuth({ name: 'partner' })
    @Controller('partner')
    class Partner {
      @Get()
      async partner(@Salesforce({ name: 'partner' }) partner: RequestAuth): Promise<string> {
        return (await partner.identity()).username ?? ''
      }
    }

    const routes = { login: '/partner/login', callback: '/partner/callback', logout: '/partner/logout' }
    await using scene = await stage(sim, (options) => ({
      imports: [
        SalesforceAuthModule.forRoot(options),
        SalesforceAuthModule.forRoot({ ...options, name: 'partner', routes }),
      ],
      controllers: [Partner],
      providers: [guard],
    }))
    const agent = await scene.login()
    const refused = await agent.get('/partner', { headers: script })
    expect(refused.headers.get('www-authenticate')).toBe('Salesforce realm="partner"')
    await signIn(sim, agent, { start: '/partner/login', username: 'grace@acme.example' })
    expect(await (await agent.get('/partner')).text()).toBe('grace@acme.example')
  })
})

it(`${nest}: a handler takes a login or a token where both may come`, async () => {
  @Controller()
  class Either {
    @Public()
    @Requires(anyOf(requiresAuth(), requiresBearer()))
    @Get('either')
    async either(@Salesforce() salesforce: RequestAuth): Promise<string> {
      return (await salesforce.caller())?.kind ?? 'nobody'
    }
  }

  await using scene = await stage(sim, (options) => {
    const accepted = { issuers: [sim.org().url], clientIds: [sim.app().clientId] }
    return { imports: [SalesforceAuthModule.forRoot({ ...options, bearer: accepted })], controllers: [Either] }
  })
  expect(await (await (await scene.login()).get('/either')).text()).toBe('session')
  const authorization = await bearer(sim)
  const headers = { ...script, authorization }
  expect(await (await scene.browser().get('/either', { headers })).text()).toBe('bearer')
  expect((await scene.browser().get('/either', { headers: script })).status).toBe(401)
})
