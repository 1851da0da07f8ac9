import { ConfigurableModuleBuilder, Inject, Module } from '@nestjs/common'
import type { DynamicModule, NestModule } from '@nestjs/common'
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core'
import { SalesforceAuth } from '@orgpass/core'
import type { SalesforceAuthOptions } from '@orgpass/core'
import { createSalesforceAuth, NO_INSTANCE, nodeExchange, nodeMiddleware } from '@orgpass/core/node'
import { requestSource, watchHandshakes } from '@orgpass/core/node'
import type { RequestBinding, TenantSource } from '@orgpass/core/node'
import { exceptionOf } from './exceptions.ts'
import { DEFAULT_NAME, salesforceToken, sourceToken } from './instance.ts'
import type { NodeRequest, Source } from './instance.ts'

type Given = Omit<SalesforceAuthOptions, 'name'> | { instance: SalesforceAuth } | TenantSource<NodeRequest>

/**
 * Core's options, an instance that was created before, or a tenancy and how to read the tenant out of a Node request.
 * What is not given comes from the environment. `owner` reads out of a Node request who is signed in to the app.
 */
export type SalesforceModuleOptions = Given & RequestBinding<NodeRequest>

interface ModuleExtras {
  /** Tells instances apart: their cookies, guards and what is injected. @default 'salesforce' */
  name?: string
  /** Whether the instance can be injected without importing this module again. @default true */
  isGlobal?: boolean
}

const OWN_SOURCE = Symbol('orgpass: where this module takes instances from')

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<SalesforceModuleOptions>()
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createSalesforceOptions')
  .setExtras<ModuleExtras>({ name: DEFAULT_NAME, isGlobal: true }, addInstance)
  .build()

function addInstance(definition: DynamicModule, { name = DEFAULT_NAME, isGlobal = true }: ModuleExtras): DynamicModule {
  const [token, source] = [salesforceToken(name), sourceToken(name)]
  const useFactory = (options: SalesforceModuleOptions): SalesforceAuth => {
    const { owner: _, ...given } = options
    if ('tenancy' in given) return NO_INSTANCE
    return 'instance' in given ? given.instance : createSalesforceAuth({ ...given, name })
  }
  const providers = [
    ...(definition.providers ?? []),
    { provide: token, useFactory, inject: [MODULE_OPTIONS_TOKEN] },
    { provide: source, useFactory: sourceOf, inject: [token, MODULE_OPTIONS_TOKEN] },
    { provide: OWN_SOURCE, useExisting: source },
  ]
  return { ...definition, global: isGlobal, providers, exports: [token, source] }
}

/** What was injected instead, as tests do, holds for requests, too. */
function sourceOf(instance: SalesforceAuth, { owner, ...given }: SalesforceModuleOptions): Source {
  return requestSource('tenancy' in given && instance === NO_INSTANCE ? given : instance, { owner })
}

/**
 * Answers the auth routes and gives every request its session and connection, on Express and on Fastify. The routes
 * stand where the option `routes` says, below the path of `baseUrl`: a global prefix moves them only when `baseUrl`
 * ends with it.
 *
 * @throws {ConfigError} `config/invalid`, when the app is created, with everything that is wrong in `faults`.
 */
@Module({})
export class SalesforceAuthModule extends ConfigurableModuleClass implements NestModule {
  readonly #source: Source
  readonly #host: HttpAdapterHost
  readonly #config: ApplicationConfig

  constructor(
    @Inject(OWN_SOURCE) source: Source,
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(ApplicationConfig) config: ApplicationConfig,
  ) {
    super()
    this.#source = source
    this.#host = host
    this.#config = config
  }

  /** @throws {ConfigError} `config/invalid`, when the app is created. */
  static override forRoot(options: SalesforceModuleOptions & ModuleExtras = {}): DynamicModule {
    return super.forRoot(options)
  }

  /** Mounts on the server itself: a middleware of Nest's would see nothing beyond the global prefix. */
  configure(): void {
    const { httpAdapter } = this.#host
    watchHandshakes(httpAdapter.getHttpServer())
    const middleware = nodeMiddleware(
      async (req, res) => {
        const exchange = nodeExchange(req, res)
        const { salesforce, handle } = await this.#source.open(req, { exchange, key: req })
        return exchange.target.startsWith(this.#home(salesforce)) ? handle() : undefined
      },
      // Of an error that is not its own, Nest would keep nothing but the message.
      { errorAs: exceptionOf },
    )
    httpAdapter.use(middleware)
  }

  /** What every path begins with that may be an auth route. */
  #home({ baseUrl }: SalesforceAuth): string {
    const prefix = this.#config.getGlobalPrefix().replaceAll(/^\/|\/$/g, '')
    const isBelow = prefix !== '' && new URL(baseUrl).pathname.replace(/\/$/, '').endsWith(`/${prefix}`)
    return isBelow ? `/${prefix}/` : ''
  }
}
