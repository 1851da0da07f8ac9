import { Module } from '@nestjs/common'
import type { DynamicModule, MiddlewareConsumer, NestModule, Type } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, HttpAdapterHost, NestFactory } from '@nestjs/core'
import type { AbstractHttpAdapter } from '@nestjs/core'
import { memoryStore } from '@orgpass/core'
import type { SalesforceAuthOptions } from '@orgpass/core'
import { createSalesforceAuth, createTenancy } from '@orgpass/core/node'
import { PARTNER_ROUTES, RENAMED_ROUTES, userOf } from '@orgpass/testing/contract'
import type { AdapterHost, AdapterSetup, Scenario } from '@orgpass/testing/contract'
import { SalesforceAuthModule, SalesforceGuard } from '../../src/index.ts'
import { Api, Guards } from './guards.ts'
import { Closed, Leaving, OwnLogin, Pages, TwoNames } from './controllers.ts'
import { AsJson } from './as-json.ts'
import { parseForm, swallow } from './readers.ts'
import { Streams } from './streams.ts'

const OPTIONS: Partial<Record<Scenario, SalesforceAuthOptions>> = {
  renamed: { routes: RENAMED_ROUTES },
  disabled: { routes: { login: false, logout: false } },
  store: { session: { store: memoryStore() } },
  connect: { connect: { store: memoryStore() } },
}

const CONTROLLERS: Partial<Record<Scenario, readonly Type[]>> = {
  renamed: [OwnLogin],
  mounted: [OwnLogin],
  disabled: [Leaving],
  two: [TwoNames],
  guards: [Guards, Api],
}

@Module({})
class ContractModule implements NestModule {
  readonly #host: HttpAdapterHost

  constructor(host: HttpAdapterHost) {
    this.#host = host
  }

  configure(consumer: MiddlewareConsumer): void {
    // Fastify reads bodies after all middleware.
    if (this.#host.httpAdapter.getType() === 'express') consumer.apply(parseForm).forRoutes('echo')
  }
}

/** Starts the app that the contract asks for, on one of Nest's platforms. */
export async function startContractApp(setup: AdapterSetup, adapter: AbstractHttpAdapter): Promise<AdapterHost> {
  const { scenario, port } = setup
  const app = await NestFactory.create(contractModule(setup), adapter, {
    logger: false,
    // On Express, Nest's parser reads every form before the kit does.
    bodyParser: scenario === 'parsed' || adapter.getType() === 'fastify',
    abortOnError: false,
  })
  if (scenario === 'mounted') app.setGlobalPrefix('crm', { exclude: ['auth/login'] })
  if (scenario === 'swallowed') app.use(swallow)
  await app.listen(port, '127.0.0.1')
  return {
    url: `http://localhost:${port}`,
    async close() {
      adapter.getHttpServer().closeAllConnections()
      await app.close()
    },
  }
}

function contractModule({ scenario, env }: AdapterSetup): DynamicModule {
  const salesforce = (more: SalesforceAuthOptions = {}): DynamicModule => {
    const { SALESFORCE_LOGIN_URL: issuer = '', SALESFORCE_CLIENT_ID: clientId = '' } = env
    const bearer = { issuers: [issuer], clientIds: [clientId] }
    const options = { logger: () => undefined, ...OPTIONS[scenario], ...(scenario === 'guards' && { bearer }), ...more }
    const instance = createSalesforceAuth(options, env)
    const owner = (req: { headers: { cookie?: string | undefined } }) => userOf(req.headers.cookie)
    return SalesforceAuthModule.forRoot({ instance, name: instance.name, owner })
  }
  const tenancy = createTenancy((tenant) => (tenant === 'localhost' ? {} : undefined), { environment: env })
  const tenant = (req: { headers: { host?: string | undefined } }): string => req.headers.host?.split(':')[0] ?? ''
  const tenants = (): DynamicModule => SalesforceAuthModule.forRoot({ tenancy, tenant })
  const imports = scenario === 'unmounted' ? [] : [scenario === 'tenants' ? tenants() : salesforce()]
  if (scenario === 'duplicate') imports.push(salesforce())
  if (scenario === 'two') imports.push(salesforce({ name: 'partner', routes: PARTNER_ROUTES }))
  return {
    module: ContractModule,
    imports,
    controllers: scenario === 'closed' ? [Closed] : [Pages, Streams, ...(CONTROLLERS[scenario] ?? [])],
    providers: [
      { provide: APP_GUARD, useClass: SalesforceGuard },
      ...(scenario === 'bare' ? [] : [{ provide: APP_FILTER, useClass: AsJson }]),
    ],
  }
}
