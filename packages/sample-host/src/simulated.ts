import { startSimulator } from '@orgpass/simulator'
import type { Simulator, SimulatorOptions } from '@orgpass/simulator'
import { isLocalAddress } from './local-address.ts'

/** What the page says about the simulator it talks to. */
export interface Demo {
  readonly url: string
  /** Of every login. */
  readonly password: string
  readonly logins: readonly DemoLogin[]
  readonly orgs: readonly DemoOrg[]
}

export interface DemoOrg {
  readonly name: string
  /** Where its people log in. */
  readonly url: string
  readonly usernames: readonly string[]
}

export interface DemoLogin {
  readonly username: string
  readonly can: string
}

export interface Simulated {
  readonly demo: Demo
  /** The variables that connect an app to the simulator. */
  readonly env: Readonly<Record<'SALESFORCE_CLIENT_ID' | 'SALESFORCE_CLIENT_SECRET' | 'SALESFORCE_LOGIN_URL', string>>
  readonly simulator: Simulator
}

const LOGINS: readonly DemoLogin[] = [
  { username: 'ada@acme.example', can: 'is an administrator' },
  { username: 'grace@acme.example', can: 'may change records' },
  { username: 'alan@acme.example', can: 'may only read' },
]

/**
 * Starts a simulated Salesforce on free ports of this machine; a seed adds to its org, and an app of its own takes the
 * place of the usual one.
 * @throws {TypeError} when others could reach the app: the simulator's passwords are public.
 */
export async function startSimulated(baseUrl: string, seed?: SimulatorOptions['seed']): Promise<Simulated> {
  if (!isLocalAddress(baseUrl)) throw new TypeError(`The simulator is for this machine only, not for ${baseUrl}.`)
  const simulator = await startSimulator(seed === undefined ? {} : { seed })
  const { clientId, clientSecret } = simulator.app(seed?.apps?.[0]?.label)
  const usernamesOf = (name: string): string[] =>
    seed?.orgs?.find((org) => org.name === name)?.users.map(({ username }) => username) ??
    LOGINS.map(({ username }) => username)
  return {
    simulator,
    env: {
      SALESFORCE_CLIENT_ID: clientId,
      SALESFORCE_CLIENT_SECRET: clientSecret,
      SALESFORCE_LOGIN_URL: simulator.org().url,
    },
    demo: {
      url: simulator.loginUrl,
      password: 'simulator',
      orgs: simulator.orgs.map(({ name, url }) => ({ name, url, usernames: usernamesOf(name) })),
      logins: LOGINS,
    },
  }
}
