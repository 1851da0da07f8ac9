import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unpackedEnvironment, unpackedPackage } from './debian-packages.ts'
import { ownServer } from './own-server.ts'
import { givenService, unavailable } from './service.ts'
import type { Service } from './service.ts'

export interface RedisOptions {
  /** Whether no variable is looked at, for tests that change the server or would be in others' way. @default false */
  readonly own?: boolean
  /** More arguments of a server of the test's own, such as `['--cluster-enabled', 'yes']`. */
  readonly args?: readonly string[]
}

interface Program {
  readonly command: string
  readonly env: NodeJS.ProcessEnv
}

const run = promisify(execFile)

/**
 * A Redis, or its sibling Valkey: that of REDIS_URL or VALKEY_URL, else one of this machine or of Debian; `undefined`,
 * said aloud, when there is none. Every write is on the disk before it is answered: a crash loses nothing.
 * @throws {Error} when there is none and REQUIRE_SERVICES is 1.
 */
export async function startRedis(
  flavour: 'redis' | 'valkey' = 'redis',
  options: RedisOptions = {},
): Promise<Service | undefined> {
  const variable = `${flavour.toUpperCase()}_URL`
  const given = options.own === true ? undefined : givenService(variable)
  if (given !== undefined) return given
  const program = await find(flavour)
  if (program === undefined) return unavailable(flavour, `Install ${flavour}-server, or set ${variable}.`)
  const { stdout } = await run(program.command, ['--version'], { env: program.env })
  const folder = await mkdtemp(join(tmpdir(), 'orgpass-redis-'))
  const settings = ['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes']
  const args = [...settings, '--appendfsync', 'always', '--maxmemory-policy', 'noeviction', ...(options.args ?? [])]
  return ownServer({
    url: (port) => `redis://127.0.0.1:${port}`,
    version: `${flavour} ${/v=([\d.]+)/.exec(stdout)?.[1]}`,
    program: (port) => ({ ...program, args: ['--port', String(port), ...args], ready: /Ready to accept connections/ }),
    end: 'SIGTERM',
    forget: () => rm(folder, { recursive: true, force: true }),
  })
}

async function find(flavour: 'redis' | 'valkey'): Promise<Program | undefined> {
  const name = `${flavour}-server`
  try {
    await run(name, ['--version'])
    return { command: name, env: process.env }
  } catch {
    const root = await unpackedPackage(name)
    return root === undefined ? undefined : { command: join(root, 'usr/bin', name), env: unpackedEnvironment(root) }
  }
}
