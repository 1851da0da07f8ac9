import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { importsOf } from './imports.ts'
import { readJson, sources } from './tree.ts'

interface Manifest {
  readonly dependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
}

interface Rules {
  readonly manifest: Manifest
  /** The package's folder, such as packages/express. */
  readonly home: string
}

const core = '@orgpass/core'

/** What packages and apps may import beyond their own files. */
export function checkBoundaries(root: string): string[] {
  return sources(root, '{packages,apps}/*/{src,test}/**/*.{ts,tsx,mts,cts,js,mjs,cjs}').flatMap(({ path, text }) => {
    const home = path.split('/', 2).join('/')
    const manifest = (readJson(root, `${home}/package.json`) ?? {}) as Manifest
    return importsOf(path, text).flatMap(({ specifier, line }) => {
      const fault = specifier === undefined ? undefined : judge(path, specifier, { manifest, home })
      return fault === undefined ? [] : [`${path}:${line} ${fault}`]
    })
  })
}

function judge(path: string, specifier: string, { manifest, home }: Rules): string | undefined {
  const isSource = path.startsWith(`${home}/src/`)
  if (/^(?:\.|\/|file:)/.test(specifier)) {
    const room = isSource ? `${home}/src/` : `${home}/`
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier
    return target.startsWith(room) ? undefined : `imports ${specifier}, which leaves ${room}`
  }
  const name = packageOf(specifier)
  if (home === 'packages/simulator' && name === core)
    return `imports ${specifier}: the simulator is a second reading of the wire and shares no code with core`
  // Core's own sources have a stricter rule of their own.
  if (!isSource || home === 'packages/core') return undefined

  const peers = Object.keys(manifest.peerDependencies ?? {})
  const dependencies = Object.keys(manifest.dependencies ?? {})
  // A store is about a server, and may need the machine for it.
  const isAdapter = dependencies.includes(core) && peers.length > 0 && !home.startsWith('packages/store-')
  if (isAdapter) {
    const allowed = [core, ...peers]
    return allowed.includes(name)
      ? undefined
      : `imports ${specifier}: an adapter imports ${allowed.join(', ')} and nothing else`
  }
  if (isBuiltin(specifier) || dependencies.includes(name) || peers.includes(name)) return undefined
  return `imports ${specifier}, which is no dependency in ${home}/package.json`
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
