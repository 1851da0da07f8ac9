import { Module } from '@nestjs/common'
import type { DynamicModule, INestApplication, Type } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core'
import type { AbstractHttpAdapter } from '@nestjs/core'
import { memoryStore } from '@orgpass/core'
import type { SalesforceAuthOptions } from '@orgpass/core'
import { createSalesforceAuth } from '@orgpass/core/node'
import { PARTNER_ROUTES, RENAMED_ROUTES } from '@orgpass/testing/contract'
import type { AdapterHost, AdapterSetup, Scenario } from '@orgpass/testing/contract'
import { SalesforceAuthModule, SalesforceErrorFilter, SalesforceGuard } from '../../src/index.ts'
import { Closed, Leaving, OwnLogin, Pages, TwoNames } from './controllers.ts'
import { InternalFilter } from './internal-filter.ts'
import { parseForm, swallow } from './readers.ts'
import { Streams } from './streams.ts'

const OPTIONS: Partial<Record<Scenario, SalesforceAuthOptions>> = {
  renamed: { routes: RENAMED_ROUTES },
  disabled: { routes: { login: false, logout: false } },
  store: { session: { store: memoryStore() } },
}

const CONTROLLERS: Partial<Record<Scenario, readonly Type[]>> = {
  renamed: [OwnLogin],
  mounted: [OwnLogin],
  disabled: [Leaving],
  two: [TwoNames],
}

@Module({})
class ContractModule {}

/** Starts the app that the contract asks for, on one of Nest's platforms. */
export async function startContractApp(setup: AdapterSetup, adapter: AbstractHttpAdapter): Promise<AdapterHost> {
  const { scenario, port } = setup
  const app = await NestFactory.create(contractModule(setup), adapter, {
    logger: false,
    bodyParser: scenario !== 'swallowed',
    abortOnError: false,
  })
  prepare(app, scenario)
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
    const options = { logger: () => undefined, ...OPTIONS[scenario], ...more }
    const instance = createSalesforceAuth(options, env)
    return SalesforceAuthModule.forRoot({ instance, name: instance.name })
  }
  const imports = scenario === 'unmounted' ? [] : [salesforce()]
  if (scenario === 'duplicate') imports.push(salesforce())
  if (scenario === 'two') imports.push(salesforce({ name: 'partner', routes: PARTNER_ROUTES }))
  const filters = [
    { provide: APP_FILTER, useClass: InternalFilter },
    { provide: APP_FILTER, useClass: SalesforceErrorFilter },
  ]
  return {
    module: ContractModule,
    imports,
    controllers: scenario === 'closed' ? [Closed] : [Pages, Streams, ...(CONTROLLERS[scenario] ?? [])],
    providers: [{ provide: APP_GUARD, useClass: SalesforceGuard }, ...(scenario === 'bare' ? [] : filters)],
  }
}

function prepare(app: INestApplication, scenario: Scenario): void {
  if (scenario === 'mounted') app.setGlobalPrefix('crm', { exclude: ['auth/login'] })
  if (scenario === 'parsed') app.use(parseForm)
  if (scenario === 'swallowed') app.use(swallow)
}
