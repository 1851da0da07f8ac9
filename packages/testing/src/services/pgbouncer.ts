import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unpackedEnvironment, unpackedPackage } from './debian-packages.ts'
import { asOrdinaryUser, giveToOrdinaryUser, withinReach } from './ordinary-user.ts'
import { ownServer } from './own-server.ts'
import { unavailable } from './service.ts'
import type { Service } from './service.ts'

const run = promisify(execFile)

/**
 * A PgBouncer in front of a PostgreSQL, which hands every transaction to another of two connections; `undefined`, said
 * aloud, when there is none.
 * @throws {Error} when there is none and REQUIRE_SERVICES is 1.
 */
export async function startPgBouncer(postgres: Service): Promise<Service | undefined> {
  const isInstalled = await run('pgbouncer', ['--version']).then(
    () => true,
    () => false,
  )
  const unpacked = isInstalled ? undefined : await unpackedPackage('pgbouncer')
  if (!isInstalled && unpacked === undefined) return unavailable('PgBouncer', 'Install pgbouncer.')
  const folder = await mkdtemp(join(tmpdir(), 'orgpass-pgbouncer-'))
  const root = unpacked === undefined ? undefined : await withinReach(unpacked, folder)
  const command = root === undefined ? 'pgbouncer' : join(root, 'usr/sbin/pgbouncer')
  const env = root === undefined ? process.env : unpackedEnvironment(root)
  const { stdout } = await run(command, ['--version'], { env })
  const { hostname, port: target, username } = new URL(postgres.url)
  const file = join(folder, 'pgbouncer.ini')
  const settings = [
    '[databases]',
    `* = host=${hostname} port=${target} user=${username}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 2',
    'max_client_conn = 1000',
    // It waits for 15 seconds otherwise when it meets a PostgreSQL that is starting.
    'server_login_retry = 1',
  ]
  return ownServer({
    url: (port) => `postgres://${username}@127.0.0.1:${port}/postgres`,
    version: `PgBouncer ${/[\d.]+/.exec(stdout)?.[0]}`,
    async program(port) {
      await writeFile(file, [...settings, `listen_port = ${port}`, ''].join('\n'))
      await giveToOrdinaryUser(folder, file)
      return { ...asOrdinaryUser(command, [file]), env, cwd: folder, ready: /process up/ }
    },
    end: 'SIGINT',
    forget: () => rm(folder, { recursive: true, force: true }),
  })
}
