import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../free-port.ts'
import { unpackedEnvironment, unpackedPackage } from './debian-packages.ts'
import { startServerProcess } from './server-process.ts'
import type { ServerProcess } from './server-process.ts'
import { unavailable } from './service.ts'
import type { Service } from './service.ts'

interface Programs {
  /** Where initdb and postgres are. */
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
}

const run = promisify(execFile)
/** The user of whom PostgreSQL is to run when this process is root, which it refuses: nobody. */
const NOBODY = { uid: 65_534, gid: 65_534 }

/** A PostgreSQL of this machine or of Debian; `undefined`, said aloud, when there is none. */
export async function startPostgres(): Promise<Service | undefined> {
  const programs = await find()
  if (programs === undefined) return unavailable('PostgreSQL', 'Install postgresql.')
  const { folder: bin, env } = programs
  const folder = await mkdtemp(join(tmpdir(), 'orgpass-postgres-'))
  if (isRoot()) await chown(folder, NOBODY.uid, NOBODY.gid)
  const data = join(folder, 'data')
  const asUser = (command: string, args: readonly string[]): { command: string; args: string[] } => {
    const path = join(bin, command)
    if (!isRoot()) return { command: path, args: [...args] }
    return { command: 'setpriv', args: ['--reuid=nobody', '--regid=nogroup', '--clear-groups', path, ...args] }
  }
  const init = asUser('initdb', ['-D', data, '-U', 'orgpass', '--auth=trust', '-E', 'UTF8', '--locale=C', '-N'])
  await run(init.command, init.args, { env, cwd: folder })
  const port = await freePort()
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder, max_connections: 200 }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const program = { ...asUser('postgres', ['-D', data, ...flags]), env, cwd: folder }
  let server: ServerProcess | undefined
  const start = async (): Promise<void> => {
    server = await startServerProcess({ ...program, ready: /ready to accept connections/ })
  }
  await start()
  const { stdout } = await run(join(bin, 'postgres'), ['--version'], { env })
  return {
    url: `postgres://orgpass@127.0.0.1:${port}/postgres`,
    version: `PostgreSQL ${/[\d.]+/.exec(stdout)?.[0]}`,
    start,
    kill: async () => server?.end('SIGKILL'),
    async stop() {
      await server?.end('SIGINT')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

async function find(): Promise<Programs | undefined> {
  const installed = newest('/usr/lib/postgresql')
  if (installed !== undefined) return { folder: installed, env: process.env }
  const root = await unpackedPackage('postgresql')
  const unpacked = root === undefined ? undefined : newest(join(root, 'usr/lib/postgresql'))
  return unpacked === undefined ? undefined : { folder: unpacked, env: unpackedEnvironment(String(root)) }
}

function newest(versions: string): string | undefined {
  if (!existsSync(versions)) return undefined
  const found = readdirSync(versions).toSorted((a, b) => Number(b) - Number(a))
  return found.map((version) => join(versions, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
}
