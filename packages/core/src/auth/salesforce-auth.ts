import { RESOURCE_METADATA_PATH } from '../config-checks.ts'
import { resolveConfig } from '../config.ts'
import type { Config } from '../config.ts'
import type { Connections } from '../connection/connections.ts'
import type { OpenSeal } from '../crypto/seal.ts'
import type { Exchange, Reply } from '../http/exchange.ts'
import type { Environment, SalesforceAuthOptions } from '../options.ts'
import type { AuthRequest } from './auth-request.ts'
import { requireConnectKit } from './connect.ts'
import { createKit } from './create-kit.ts'
import type { Kit } from './kit.ts'
import { messageExchange } from './message-exchange.ts'
import type { OwnerBinding } from './owner.ts'
import { RequestAuth } from './request-auth.ts'
import { callbackRoute } from './routes/callback.ts'
import { connectRoute } from './routes/connect.ts'
import { disconnectRoute } from './routes/disconnect.ts'
import { loginRoute } from './routes/login.ts'
import { logoutRoute } from './routes/logout.ts'
import { resourceMetadataRoute } from './routes/resource-metadata.ts'
import { withoutForeignCookies } from './same-origin.ts'

/** What an adapter gets for one request: the request's auth, and what to answer if the request is for one of the auth routes. */
export interface OpenedRequest {
  readonly auth: RequestAuth
  /** Answers an auth route; `undefined` when the request is the app's own. */
  readonly handle: () => Promise<Reply | undefined>
}

/** What an adapter knows of a request that core cannot know. */
export interface RequestOptions {
  /** Reads out of the framework's own request who is signed in to the app. Evaluated only when connections are asked for. */
  owner?: OwnerBinding | undefined
}

/** One app's connection to Salesforce, for the life of the process. */
export class SalesforceAuth {
  readonly #kit: Kit
  readonly #routes: ReadonlyMap<string, keyof Config['routes']>

  constructor(kit: Kit) {
    this.#kit = kit
    const { routes, basePath } = kit.config
    const names = Object.keys(routes) as (keyof Config['routes'])[]
    // Proxies may or may not take the base path away before the request gets here.
    this.#routes = new Map(
      names.flatMap((name) => {
        const path = routes[name]
        if (path === false || !isServed(kit.config, name)) return []
        const paths = [path, basePath + path]
        // The RFC puts a resource's own path behind the well-known one.
        if (path === RESOURCE_METADATA_PATH) paths.push(path + basePath)
        return paths.map((each) => [each, name] as const)
      }),
    )
  }

  /** Names the request property that adapters set, and the cookies. */
  get name(): string {
    return this.#kit.config.name
  }

  /** Where browsers reach the app. */
  get baseUrl(): string {
    return this.#kit.config.baseUrl.href
  }

  /** The callback address to register with the app in Salesforce. */
  get redirectUri(): string {
    return this.#kit.config.redirectUri
  }

  /** The first route of another instance that this one answers in its place, when a request comes here before. */
  routeSharedWith(other: SalesforceAuth): { readonly route: string; readonly path: string } | undefined {
    const { routes, basePath } = other.#kit.config
    for (const [path, route] of other.#routes) {
      // Without the base path it is no address of its own: only some proxies make it one.
      if (path === `${basePath}${routes[route]}` && this.#routes.has(path))
        return { route, path: String(routes[route]) }
    }
    return undefined
  }

  /**
   * The stored connections of everybody: for jobs, queues and administration.
   * @throws {ConfigError} without the option `connect`.
   */
  get connections(): Connections {
    return requireConnectKit(this.#kit).connections
  }

  /** Binds one request. Cheap: nothing is read before it is asked for. */
  open(exchange: Exchange, { owner }: RequestOptions = {}): OpenedRequest {
    const request = { kit: this.#kit, exchange, owner }
    const auth = new RequestAuth(request)
    return { auth, handle: () => this.#handle(request, auth) }
  }

  /**
   * Binds the handshake of a WebSocket. Who began it on a page of another origin, or does not say where, is a stranger
   * here: browsers send cookies along from any page.
   */
  openHandshake(exchange: Exchange, { owner }: RequestOptions = {}): RequestAuth {
    const own = withoutForeignCookies(exchange, this.#kit.config.baseUrl.origin)
    // Who began it elsewhere has no owner either: the host's own session would be a foreign page's to use.
    return new RequestAuth({ kit: this.#kit, exchange: own, owner: own === exchange ? owner : () => undefined })
  }

  /**
   * Binds a message that came over no HTTP: a remote procedure call, a queue. It has no session; `requiresBearer` judges
   * the `Authorization` value of its metadata, and nothing else lets it pass.
   */
  openMessage(authorization: string | undefined): RequestAuth {
    return new RequestAuth({ kit: this.#kit, exchange: messageExchange(authorization), owner: () => undefined })
  }

  async #handle(request: AuthRequest, auth: RequestAuth): Promise<Reply | undefined> {
    const { exchange } = request
    const { target } = exchange
    const mark = target.indexOf('?')
    const route = this.#routes.get(mark === -1 ? target : target.slice(0, mark))
    if (route === undefined) return undefined
    const query = new URLSearchParams(mark === -1 ? '' : target.slice(mark))
    switch (route) {
      case 'login':
        return noStore(await loginRoute(this.#kit, exchange, query))
      case 'callback':
        return noStore(await callbackRoute(request, query))
      case 'logout':
        return noStore(await logoutRoute(this.#kit, exchange, auth))
      case 'connect':
        return noStore(await connectRoute(request))
      case 'disconnect':
        return noStore(await disconnectRoute(request))
      case 'resourceMetadata':
        return resourceMetadataRoute(this.#kit.config, exchange)
    }
  }
}

function isServed({ bearer, connect }: Config, route: keyof Config['routes']): boolean {
  if (route === 'resourceMetadata') return bearer !== undefined
  return connect !== undefined || (route !== 'connect' && route !== 'disconnect')
}

function noStore(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } }
}

export interface BuildOptions {
  /** The platform's own way to open seals. */
  openSeal?: OpenSeal
  /** Which of several tenants of the process it serves: nothing sealed or stored for one can be opened by another. */
  tenant?: string
}

/** Builds an instance for a platform whose way to open seals is given. */
export function buildSalesforceAuth(
  options: SalesforceAuthOptions,
  environment: Environment,
  { openSeal, tenant }: BuildOptions = {},
): SalesforceAuth {
  return new SalesforceAuth(createKit(resolveConfig(options, environment, tenant), options, openSeal))
}

/** The environment of this process, where there is one. */
export function processEnvironment(): Environment {
  return (globalThis as { process?: { env?: Environment } }).process?.env ?? {}
}
