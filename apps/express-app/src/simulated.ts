import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { isLocalAddress } from './local-address.ts'

/** What the page says about the simulator it talks to. */
export interface Demo {
  readonly url: string
  /** Of every login. */
  readonly password: string
  readonly logins: readonly DemoLogin[]
}

export interface DemoLogin {
  readonly username: string
  readonly can: string
}

export interface Simulated {
  readonly demo: Demo
  /** The options that connect the app to the simulator. */
  readonly auth: { readonly clientId: string; readonly clientSecret: string; readonly loginUrl: string }
  readonly simulator: Simulator
}

/**
 * Starts a simulated Salesforce on free ports of this machine.
 * @throws {TypeError} when others could reach the app: the simulator's passwords are public.
 */
export async function startSimulated(baseUrl: string): Promise<Simulated> {
  if (!isLocalAddress(baseUrl)) throw new TypeError(`The simulator is for this machine only, not for ${baseUrl}.`)
  const simulator = await startSimulator()
  const { clientId, clientSecret } = simulator.app()
  return {
    simulator,
    auth: { clientId, clientSecret, loginUrl: simulator.org().url },
    demo: {
      url: simulator.loginUrl,
      password: 'simulator',
      logins: [
        { username: 'ada@acme.example', can: 'is an administrator' },
        { username: 'grace@acme.example', can: 'may rename accounts' },
        { username: 'alan@acme.example', can: 'may only read' },
      ],
    },
  }
}
