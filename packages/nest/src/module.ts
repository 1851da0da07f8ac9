import { ConfigurableModuleBuilder, Inject, Module } from '@nestjs/common'
import type { DynamicModule, NestModule, Provider } from '@nestjs/common'
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core'
import { ConfigError, isSalesforceAuthError, SalesforceAuth } from '@orgpass/core'
import type { SalesforceAuthOptions } from '@orgpass/core'
import { createSalesforceAuth, nodeExchange, rememberAuth, sendReply } from '@orgpass/core/node'
import { httpExceptionOf } from './error-filter.ts'
import { watchHandshakes } from './handshake.ts'
import type { NodeRequest, NodeResponse } from './handshake.ts'
import { DEFAULT_NAME, salesforceToken } from './instance.ts'

/** Core's options, or an instance that was created before. What is not given comes from the environment. */
export type SalesforceModuleOptions = Omit<SalesforceAuthOptions, 'name'> | { instance: SalesforceAuth }

/** What `forRootAsync({ useClass })` names: an injectable class that makes the options. */
export interface SalesforceOptionsFactory {
  createSalesforceOptions(): SalesforceModuleOptions | Promise<SalesforceModuleOptions>
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
  const instance: Provider = {
    provide: token,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: (options: SalesforceModuleOptions) => createInstance(name, options),
  }
  const own: Provider = { provide: OWN_INSTANCE, useExisting: token }
  const providers = [...(definition.providers ?? []), instance, own]
  return { ...definition, global: isGlobal, providers, exports: [token] }
}

function createInstance(name: string, options: SalesforceModuleOptions): SalesforceAuth {
  if (!('instance' in options)) return createSalesforceAuth({ ...options, name })
  if (options.instance.name === name) return options.instance
  const problem = `is '${name}' for the module and '${options.instance.name}' for the instance`
  const hint = "Give both the same: SalesforceAuthModule.forRoot({ name: 'partner', instance })."
  throw new ConfigError([{ option: 'name', problem, hint }])
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

  constructor(
    @Inject(OWN_INSTANCE) salesforce: SalesforceAuth,
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(ApplicationConfig) config: ApplicationConfig,
  ) {
    super()
    this.#salesforce = salesforce
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
    const home = this.#home()
    watchHandshakes(httpAdapter.getHttpServer())
    httpAdapter.use(async (req: NodeRequest, res: NodeResponse, next: (error?: unknown) => void) => {
      try {
        const exchange = nodeExchange(req, res)
        const { auth, handle } = this.#salesforce.open(exchange)
        rememberAuth(req, this.#salesforce.name, auth)
        const reply = exchange.target.startsWith(home) ? await handle() : undefined
        if (reply === undefined) next()
        else sendReply(res, reply)
      } catch (error) {
        // Nest would keep nothing but the message.
        next(isSalesforceAuthError(error) ? httpExceptionOf(error) : error)
      }
    })
  }

  /** What every path begins with that may be an auth route of this module. */
  #home(): string {
    const prefix = this.#config.getGlobalPrefix().replaceAll(/^\/|\/$/g, '')
    const path = new URL(this.#salesforce.baseUrl).pathname.replace(/\/$/, '')
    return prefix !== '' && path.endsWith(`/${prefix}`) ? `/${prefix}/` : ''
  }
}
