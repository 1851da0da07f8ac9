import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { unpackedEnvironment, unpackedPackage } from './debian-packages.ts'
import { asOrdinaryUser, giveToOrdinaryUser, withinReach } from './ordinary-user.ts'
import { ownServer } from './own-server.ts'
import { givenService, unavailable } from './service.ts'
import type { Service } from './service.ts'

export interface PostgresOptions {
  /** Whether no variable is looked at, for tests that change the server or would be in others' way. @default false */
  readonly own?: boolean
}

interface Programs {
  /** Where initdb and postgres are. */
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
}

const run = promisify(execFile)

/**
 * A PostgreSQL: that of POSTGRES_URL, else one of this machine or of Debian; `undefined`, said aloud, when there is none.
 * @throws {Error} when there is none and REQUIRE_SERVICES is 1.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Service | undefined> {
  const given = options.own === true ? undefined : givenService('POSTGRES_URL')
  if (given !== undefined) return given
  const folder = await mkdtemp(join(tmpdir(), 'orgpass-postgres-'))
  const programs = await find(folder)
  if (programs === undefined) {
    await rm(folder, { recursive: true })
    return unavailable('PostgreSQL', 'Install postgresql, or set POSTGRES_URL.')
  }
  const { folder: bin, env } = programs
  await giveToOrdinaryUser(folder)
  const data = join(folder, 'data')
  const layout = ['-D', data, '-U', 'orgpass', '--auth=trust', '-E', 'UTF8', '--locale=C', '-N']
  const init = asOrdinaryUser(join(bin, 'initdb'), layout)
  await run(init.command, init.args, { env, cwd: folder })
  const { stdout } = await run(join(bin, 'postgres'), ['--version'], { env })
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: folder, max_connections: 300 }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ownServer({
    url: (port) => `postgres://orgpass@127.0.0.1:${port}/postgres`,
    version: `PostgreSQL ${/[\d.]+/.exec(stdout)?.[0]}`,
    program: (port) => ({
      ...asOrdinaryUser(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...flags]),
      env,
      cwd: folder,
      ready: /ready to accept connections/,
    }),
    end: 'SIGINT',
    forget: () => rm(folder, { recursive: true, force: true }),
  })
}

/** @param folder for a copy of what root unpacked where nobody else can go. */
async function find(folder: string): Promise<Programs | undefined> {
  const installed = onPath() ?? newest('/usr/lib/postgresql')
  if (installed !== undefined) return { folder: installed, env: process.env }
  const unpacked = await unpackedPackage('postgresql')
  if (unpacked === undefined) return undefined
  const root = await withinReach(unpacked, folder)
  const bin = newest(join(root, 'usr/lib/postgresql'))
  return bin === undefined ? undefined : { folder: bin, env: unpackedEnvironment(root) }
}

const isComplete = (bin: string): boolean => ['initdb', 'postgres'].every((name) => existsSync(join(bin, name)))

function onPath(): string | undefined {
  return (process.env['PATH'] ?? '').split(delimiter).find(isComplete)
}

function newest(versions: string): string | undefined {
  if (!existsSync(versions)) return undefined
  const found = readdirSync(versions).toSorted((a, b) => Number(b) - Number(a))
  return found.map((version) => join(versions, version, 'bin')).find(isComplete)
}
