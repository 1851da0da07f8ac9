import { ConfigurableModuleBuilder, Inject, Module } from '@nestjs/common'
import type { DynamicModule, NestModule } from '@nestjs/common'
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core'
import { SalesforceAuth } from '@orgpass/core'
import type { SalesforceAuthOptions } from '@orgpass/core'
import { createSalesforceAuth, nodeExchange, nodeMiddleware, ownerOf, rememberAuth } from '@orgpass/core/node'
import { watchHandshakes } from '@orgpass/core/node'
import type { RequestBinding } from '@orgpass/core/node'
import { exceptionOf } from './exceptions.ts'
import { DEFAULT_NAME, salesforceToken } from './instance.ts'

/** Core's options, or an instance that was created before. What is not given comes from the environment. */
export type SalesforceModuleOptions = (Omit<SalesforceAuthOptions, 'name'> | { instance: SalesforceAuth }) & Binding
/** Reads a Node request: what found out who is signed in stands on it. */
type Binding = RequestBinding<Parameters<typeof nodeExchange>[0]>

interface Own {
  readonly salesforce: SalesforceAuth
  readonly binding: Binding
}

interface ModuleExtras {
  /** Tells instances apart: their cookies, guards and what is injected. @default 'salesforce' */
  name?: string
  /** Whether the instance can be injected without importing this module again. @default true */
  isGlobal?: boolean
}

const OWN_INSTANCE = Symbol('orgpass: the instance of this module')

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<SalesforceModuleOptions>()
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createSalesforceOptions')
  .setExtras<ModuleExtras>({ name: DEFAULT_NAME, isGlobal: true }, addInstance)
  .build()

function addInstance(definition: DynamicModule, { name = DEFAULT_NAME, isGlobal = true }: ModuleExtras): DynamicModule {
  const token = salesforceToken(name)
  const useFactory = (given: SalesforceModuleOptions): SalesforceAuth => {
    const { owner: _, ...options } = given
    return 'instance' in options ? options.instance : createSalesforceAuth({ ...options, name })
  }
  const instance = { provide: token, useFactory, inject: [MODULE_OPTIONS_TOKEN] }
  const pair = (salesforce: SalesforceAuth, binding: Binding): Own => ({ salesforce, binding })
  const own = { provide: OWN_INSTANCE, useFactory: pair, inject: [token, MODULE_OPTIONS_TOKEN] }
  const providers = [...(definition.providers ?? []), instance, own]
  return { ...definition, global: isGlobal, providers, exports: [token] }
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
  readonly #salesforce: SalesforceAuth
  readonly #host: HttpAdapterHost
  readonly #config: ApplicationConfig
  readonly #binding: Binding

  constructor(
    @Inject(OWN_INSTANCE) { salesforce, binding }: Own,
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(ApplicationConfig) config: ApplicationConfig,
  ) {
    super()
    this.#salesforce = salesforce
    this.#host = host
    this.#config = config
    this.#binding = binding
  }

  /** @throws {ConfigError} `config/invalid`, when the app is created. */
  static override forRoot(options: SalesforceModuleOptions & ModuleExtras = {}): DynamicModule {
    return super.forRoot(options)
  }

  /** Mounts on the server itself: a middleware of Nest's would see nothing beyond the global prefix. */
  configure(): void {
    const { httpAdapter } = this.#host
    const home = this.#home()
    watchHandshakes(httpAdapter.getHttpServer())
    const middleware = nodeMiddleware(
      async (req, res) => {
        const exchange = nodeExchange(req, res)
        const { auth, handle } = this.#salesforce.open(exchange, ownerOf(this.#binding, req))
        rememberAuth(req, this.#salesforce, auth)
        return exchange.target.startsWith(home) ? handle() : undefined
      },
      // Of an error that is not its own, Nest would keep nothing but the message.
      { errorAs: exceptionOf },
    )
    httpAdapter.use(middleware)
  }

  /** What every path begins with that may be an auth route of this module. */
  #home(): string {
    const prefix = this.#config.getGlobalPrefix().replaceAll(/^\/|\/$/g, '')
    const path = new URL(this.#salesforce.baseUrl).pathname.replace(/\/$/, '')
    return prefix !== '' && path.endsWith(`/${prefix}`) ? `/${prefix}/` : ''
  }
}
