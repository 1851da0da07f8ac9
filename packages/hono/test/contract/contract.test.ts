import { fileURLToPath } from 'node:url'
import { describeAdapter } from '@orgpass/testing/adapter'
import type { AdapterSetup } from '@orgpass/testing/adapter'
import { bundleWorker, serveScript, serveWorker } from '@orgpass/testing/runtimes'
import type { ServeOptions } from '@orgpass/testing/runtimes'

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const options = ({ port, scenario, env }: AdapterSetup): ServeOptions => ({ port, env: { ...env, SCENARIO: scenario } })

describeAdapter('Hono on Node', (setup) => serveScript('node', file('node.ts'), options(setup)))
describeAdapter('Hono on Bun', (setup) => serveScript('bun', file('bun.ts'), options(setup)))
describeAdapter('Hono on Deno', (setup) => serveScript('deno', file('deno.ts'), options(setup)))

let worker: Promise<string> | undefined
describeAdapter('Hono on workerd', async (setup) => {
  worker ??= bundleWorker(file('workerd.ts'))
  return serveWorker(await worker, options(setup))
})
