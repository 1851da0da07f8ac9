import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'
import { serveProcess } from './serve-process.ts'
import type { ServedProcess, ServeOptions } from './serve-process.ts'

export interface BundleOptions {
  readonly minify?: boolean
}

export interface WorkerOptions extends ServeOptions {
  /** Durable Object classes that the worker exports, by the name of their binding. */
  readonly durableObjects?: Readonly<Record<string, string>>
  /** Where Durable Objects keep what they store, so that another run finds it. @default in memory */
  readonly folder?: string
  /**
   * Whether a request with the header `x-leave-after` is cancelled after so many milliseconds: workerd alone does not
   * notice that a visitor leaves. @default false
   */
  readonly leaving?: boolean
}

const LEAVING = `export default {
  fetch(request, { MAIN }) {
    const after = request.headers.get('x-leave-after')
    return MAIN.fetch(request, after === null ? {} : { signal: AbortSignal.timeout(Number(after)) })
  },
}`

const require = createRequire(import.meta.url)

/** The one module that a Worker and all it imports make, from sources. */
export async function bundleWorker(file: string, { minify = false }: BundleOptions = {}): Promise<string> {
  await using bundle = await rolldown({
    input: file,
    platform: 'neutral',
    resolve: {
      conditionNames: ['@orgpass/source', 'workerd', 'worker', 'import', 'default'],
      mainFields: ['module', 'main'],
    },
  })
  const { output } = await bundle.generate({ format: 'esm', minify, codeSplitting: false })
  return output[0].code
}

/**
 * Runs a bundled Worker in workerd; `env` becomes its text bindings. It reaches this machine and nothing else.
 * @throws {Error} with what workerd printed, when it does not come to listen.
 */
export async function serveWorker(code: string, options: WorkerOptions): Promise<ServedProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'orgpass-worker-'))
  await writeFile(join(folder, 'worker.js'), code)
  await writeFile(join(folder, 'config.capnp'), configuration(options))
  const binary = join(dirname(require.resolve('workerd/package.json')), 'bin/workerd')
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const served = await serveProcess([binary, 'serve', join(folder, 'config.capnp')], { port: options.port })
    return { ...served, close: () => served.close().finally(remove) }
  } catch (error) {
    await remove()
    throw error
  }
}

function configuration({ port, env = {}, durableObjects = {}, folder, leaving = false }: WorkerOptions): string {
  const texts = Object.entries(env).map(([name, text]) => `(name = ${quote(name)}, text = ${quote(text)})`)
  const objects = Object.entries(durableObjects)
  const namespaces = objects.map(
    ([name, className]) => `(name = ${quote(name)}, durableObjectNamespace = ${quote(className)})`,
  )
  const classes = objects.map(
    ([, className]) => `(className = ${quote(className)}, uniqueKey = ${quote(className)}, enableSql = true)`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "front", worker = .front),
    (name = "internet", network = (allow = ["local"])),${
      folder === undefined
        ? ''
        : `
    (name = "disk", disk = (path = ${quote(folder)}, writable = true)),`
    }
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "${leaving ? 'front' : 'main'}")],
);
const front :Workerd.Worker = (
  modules = [(name = "front", esModule = ${quote(LEAVING)})],
  compatibilityDate = "2026-10-01",
  bindings = [(name = "MAIN", service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "2026-10-01",
  bindings = [${[...texts, ...namespaces].join(', ')}],
  durableObjectNamespaces = [${classes.join(', ')}],
  durableObjectStorage = (${folder === undefined ? 'inMemory = void' : 'localDisk = "disk"'}),
);
`
}

function quote(text: string): string {
  return JSON.stringify(text)
}
