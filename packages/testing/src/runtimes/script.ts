import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { serveProcess } from './serve-process.ts'
import type { ServedProcess, ServeOptions } from './serve-process.ts'

export type ScriptRuntime = 'node' | 'bun' | 'deno'

/** The variables that docs/edge.md has Deno permit. */
const CORE_VARIABLES = [
  'SALESFORCE_CLIENT_ID',
  'SALESFORCE_CLIENT_SECRET',
  'SALESFORCE_LOGIN_URL',
  'SALESFORCE_PRIVATE_KEY',
  'APP_BASE_URL',
  'SESSION_SECRET',
]
const SOURCES = '--conditions=@orgpass/source'
const require = createRequire(import.meta.url)

/**
 * Runs a TypeScript file that serves on the port in the variable PORT, from sources, in the runtime's own binary.
 * @throws {Error} with what the process printed, when it does not come to listen.
 */
export function serveScript(runtime: ScriptRuntime, file: string, options: ServeOptions): Promise<ServedProcess> {
  const env = { ...options.env, PORT: String(options.port) }
  return serveProcess(commandOf(runtime, file, Object.keys(env)), { ...options, env })
}

function commandOf(runtime: ScriptRuntime, file: string, given: readonly string[]): [string, ...string[]] {
  switch (runtime) {
    case 'node':
      return [process.execPath, SOURCES, file]
    case 'bun':
      return [join(packageFolder('bun'), 'bin/bun.exe'), SOURCES, file]
    case 'deno': {
      const flags = ['--no-remote', '--no-lock', '--node-modules-dir=manual', '--allow-net', '--allow-read']
      // No more than an app's owner would permit: what is given, and what core looks for.
      const variables = `--allow-env=${[...CORE_VARIABLES, ...given].join(',')}`
      // The package's own bin is a wrapper that leaves Deno running when it is stopped.
      return [join(packageFolder('deno'), 'deno'), 'run', ...flags, variables, SOURCES, file]
    }
  }
}

function packageFolder(name: string): string {
  return dirname(require.resolve(`${name}/package.json`))
}
