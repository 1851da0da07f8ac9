import type { INestApplication, ModuleMetadata } from '@nestjs/common'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { AbstractHttpAdapter } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { SalesforceAuthOptions } from '@orgpass/core'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, freePort } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'

/** Both of Nest's platforms. */
export const platforms: readonly { name: string; adapter: () => AbstractHttpAdapter }[] = [
  { name: 'Express', adapter: () => new ExpressAdapter() },
  { name: 'Fastify', adapter: () => new FastifyAdapter() },
]

export interface Stage extends AsyncDisposable {
  readonly app: INestApplication
  readonly url: string
  readonly port: number
  /** A browser with nobody logged in. */
  browser(): Agent
  /** A browser in which Ada, or somebody else, has logged in. */
  login(username?: string): Promise<Agent>
}

export interface StageOptions {
  readonly adapter?: AbstractHttpAdapter
  /** Between creation and start. */
  readonly prepare?: (app: INestApplication) => Promise<void> | void
  /** A path of the base URL. */
  readonly path?: string
}

/** What is needed to reach the simulator from an app at a port. */
export function optionsFor(sim: Simulator, baseUrl: string): SalesforceAuthOptions {
  const { clientId, clientSecret } = sim.app()
  return {
    clientId,
    clientSecret,
    loginUrl: sim.org().url,
    baseUrl,
    session: { secret: 'a session secret of the tests, long enough: 0123456789' },
    logger: () => undefined,
  }
}

/** A listening Nest app, made of what `describe` answers to the options that connect it to the simulator. */
export async function stage(
  sim: Simulator,
  describe: (options: SalesforceAuthOptions) => ModuleMetadata,
  { adapter = new ExpressAdapter(), prepare, path = '' }: StageOptions = {},
): Promise<Stage> {
  @Module({})
  class StageModule {}

  const port = await freePort()
  const url = `http://localhost:${port}`
  const module = { module: StageModule, ...describe(optionsFor(sim, url + path)) }
  const app = await NestFactory.create(module, adapter, { logger: false, abortOnError: false })
  await prepare?.(app)
  await app.listen(port, '127.0.0.1')
  const browser = (): Agent => createAgent(url)
  return {
    app,
    url,
    port,
    browser,
    async login(username) {
      const agent = browser()
      await signIn(sim, agent, { start: `${path}/auth/login`, ...(username !== undefined && { username }) })
      return agent
    },
    async [Symbol.asyncDispose]() {
      app.getHttpServer().closeAllConnections()
      await app.close()
    },
  }
}

export interface SignIn {
  readonly username?: string
  /** The login route of an instance. */
  readonly start?: string
}

/** Logs a person in, from the login route to where the callback leads. */
export async function signIn(sim: Simulator, agent: Agent, how: SignIn = {}): Promise<Response> {
  const { username = 'ada@acme.example', start = '/auth/login' } = how
  const away = await agent.get(start)
  const callback = await sim.signIn(away.headers.get('location') ?? '', { username })
  const back = await agent.get(callback.href)
  if (back.status !== 303) throw new Error(`The login failed: ${back.status} ${await back.text()}`)
  return back
}

/** What a page's script sends. */
export const script = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', accept: 'application/json' }

/** The cookies of an agent as a `Cookie` header. */
export function cookieHeader(agent: Agent): string {
  return agent.cookies
    .all()
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
}
