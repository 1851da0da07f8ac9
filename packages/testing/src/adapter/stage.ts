import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createAgent } from '../agent.ts'
import type { Agent } from '../agent.ts'
import { freePort } from '../free-port.ts'
import type { AdapterHost, Scenario, StartAdapter } from './contract.ts'
import { signIn } from './sign-in.ts'
import type { SignIn } from './sign-in.ts'
import { stripPrefix } from './strip-prefix.ts'

/** One contract app, listening, and the simulator that it talks to. */
export interface Scene {
  readonly sim: Simulator
  readonly url: string
  readonly port: number
  /** A browser with nobody logged in. */
  browser(): Agent
  /** A browser in which somebody, by default Ada, has logged in. */
  login(how?: SignIn): Promise<Agent>
  /** How often a refresh token was spent. */
  refreshes(): number
}

export interface Stage {
  readonly sim: Simulator
  /** The app of a scenario, started at its first use. */
  scene(scenario: Scenario): Promise<Scene>
  /** A standard app that browsers reach at a proxy's `url`, below a prefix that the proxy takes away. */
  behindPrefix(prefix: string): Promise<{ readonly url: string } & AsyncDisposable>
  close(): Promise<void>
}

/** A simulator, and the contract apps of one host as they are needed. */
export async function openStage(start: StartAdapter): Promise<Stage> {
  const sim = await startSimulator()
  const scenes = new Map<Scenario, Promise<Scene>>()
  const hosts: AdapterHost[] = []

  async function open(
    scenario: Scenario,
    port: number,
    baseUrl: string,
  ): Promise<Scene & { close: () => Promise<void> }> {
    const { clientId, clientSecret } = sim.app()
    const env = {
      SALESFORCE_CLIENT_ID: clientId,
      SALESFORCE_CLIENT_SECRET: clientSecret,
      SALESFORCE_LOGIN_URL: sim.org().url,
      APP_BASE_URL: baseUrl,
      SESSION_SECRET: 'a session secret of the contract 0123456789 abcdef',
    }
    const host = await start({ scenario, port, env })
    hosts.push(host)
    await reachable(port)
    const browser = (): Agent => createAgent(host.url)
    return {
      sim,
      url: host.url,
      port,
      browser,
      async login(how) {
        const agent = browser()
        await signIn(sim, agent, how)
        return agent
      },
      refreshes: () => sim.requests.filter(({ grantType }) => grantType === 'refresh_token').length,
      close: () => host.close(),
    }
  }

  return {
    sim,
    async scene(scenario) {
      const known = scenes.get(scenario)
      if (known !== undefined) return known
      const port = await freePort()
      const path = scenario === 'mounted' ? '/crm' : ''
      const scene = open(scenario, port, `http://localhost:${port}${path}`)
      scenes.set(scenario, scene)
      return scene
    },
    async behindPrefix(prefix) {
      const port = await freePort()
      const proxy = await stripPrefix(prefix, port)
      const { close } = await open('standard', port, proxy.url + prefix)
      return {
        url: proxy.url,
        async [Symbol.asyncDispose]() {
          await proxy.close()
          await close()
        },
      }
    },
    async close() {
      await Promise.allSettled(hosts.map((host) => host.close()))
      await sim.close()
    },
  }
}

/** Some runtimes say that they listen a moment before they do. */
async function reachable(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (open) return
    await sleep(50)
  }
  throw new Error(`Nothing listens on 127.0.0.1:${port}, where the contract app was to be.`)
}
