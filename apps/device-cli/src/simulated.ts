import { startSimulator } from '@orgpass/simulator'
import type { Org } from './settings.ts'

/** A Salesforce on this machine whose sample app allows the device flow. */
export async function startSimulated(): Promise<Org> {
  const simulator = await startSimulator()
  return { loginUrl: simulator.org().url, clientId: simulator.app().clientId, close: () => simulator.close() }
}
