import { createSimulator } from '../../../simulator/src/index.ts'
import type { Simulator, SimulatorOptions } from '../../../simulator/src/index.ts'
import { route } from './setup.ts'

export type * from '../../../simulator/src/index.ts'
export { createSimulator }

/** Workers open no ports: the simulator answers in the worker itself, behind the global `fetch`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const sim = createSimulator(options)
  route((request) => sim.fetch(request))
  return sim
}
