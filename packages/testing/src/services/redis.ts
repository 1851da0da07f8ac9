import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../free-port.ts'
import { unpackedEnvironment, unpackedPackage } from './debian-packages.ts'
import { startServerProcess } from './server-process.ts'
import type { ServerProcess } from './server-process.ts'
import { unavailable } from './service.ts'
import type { Service } from './service.ts'

interface Program {
  readonly command: string
  readonly env: NodeJS.ProcessEnv
}

const run = promisify(execFile)

/** A Redis, or its sibling Valkey, of this machine or of Debian; `undefined`, said aloud, when there is none. */
export async function startRedis(flavour: 'redis' | 'valkey' = 'redis'): Promise<Service | undefined> {
  const program = await find(flavour)
  if (program === undefined) return unavailable(flavour, `Install ${flavour}-server.`)
  const folder = await mkdtemp(join(tmpdir(), 'orgpass-redis-'))
  const port = await freePort()
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  // Every write is on the disk before it is answered: a crash loses nothing.
  const args = [...settings, '--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction']
  let server: ServerProcess | undefined
  const start = async (): Promise<void> => {
    server = await startServerProcess({ ...program, args, ready: /Ready to accept connections/ })
  }
  await start()
  const { stdout } = await run(program.command, ['--version'], { env: program.env })
  return {
    url: `redis://127.0.0.1:${port}`,
    version: `${flavour} ${/v=([\d.]+)/.exec(stdout)?.[1]}`,
    start,
    kill: async () => server?.end('SIGKILL'),
    async stop() {
      await server?.end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
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
