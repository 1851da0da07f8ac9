import type { AdapterOptions, StartAdapter } from './contract.ts'

/** The contract that every host passes, on a real server and against a real simulator. */
export function describeAdapter(name: string, start: StartAdapter, options: AdapterOptions = {}): void {
  void [name, start, options]
}
