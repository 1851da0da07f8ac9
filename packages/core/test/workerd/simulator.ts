import { createSimulator } from '@orgpass/simulator'
import type { Simulator, SimulatorOptions } from '@orgpass/simulator'
import { route } from './setup.ts'

export type * from '@orgpass/simulator'
export { createSimulator }

/** Workers open no ports: the simulator answers in the worker itself, behind the global `fetch`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const sim = createSimulator(options)
  route((request) => sim.fetch(request))
  return sim
}
