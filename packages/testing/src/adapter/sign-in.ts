import type { Simulator } from '@orgpass/simulator'
import type { Agent } from '../agent.ts'

export interface SignIn {
  username?: string
  /** Where the login starts: a login route, or a page behind a guard. */
  start?: string
}

/** Logs a person in, from the login route to the answer of the callback, which is a redirect into the app. */
export async function signIn(sim: Simulator, agent: Agent, how: SignIn = {}): Promise<Response> {
  const { username = 'ada@acme.example', start = '/auth/login' } = how
  const away = await agent.get(start)
  if (away.status !== 302) throw new Error(`No login began at ${start}: ${away.status} ${await away.text()}`)
  const callback = await sim.signIn(away.headers.get('location') ?? '', { username })
  const back = await agent.get(callback.href)
  if (back.status !== 303) throw new Error(`The login failed: ${back.status} ${await back.text()}`)
  return back
}
