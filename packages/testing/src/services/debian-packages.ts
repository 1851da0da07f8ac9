import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cache = join(import.meta.dirname, '../../../../node_modules/.cache/debian')

/** The folder in which a Debian package and what it needs are unpacked; `undefined` where that cannot be done. */
export async function unpackedPackage(name: string): Promise<string | undefined> {
  const root = join(cache, name)
  if (existsSync(root)) return root
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return undefined
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, 'unpacking-'))
  try {
    await unpack(name, work)
    await rename(join(work, 'root'), root)
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(root)) console.warn(`The Debian package ${name} cannot be had: ${String(error).slice(0, 300)}`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return existsSync(root) ? root : undefined
}

/** As apt does, with lists and caches of its own: needs no root and installs nothing. */
async function unpack(name: string, work: string): Promise<void> {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'packages', 'root'])
    await mkdir(join(work, folder), { recursive: true })
  const options = [
    `Dir::State::lists=${work}/lists`,
    `Dir::Cache=${work}/cache`,
    'Debug::NoLocking=1',
    `APT::Sandbox::User=${userInfo().username}`,
  ]
  const packages = join(work, 'packages')
  const apt = async (...args: string[]): Promise<string> => {
    const flags = ['-qq', ...options.flatMap((option) => ['-o', option])]
    return (await run('apt-get', [...flags, ...args], { cwd: packages, timeout: 120_000 })).stdout
  }
  await apt('update')
  const plan = await apt('-y', '--no-install-recommends', '--print-uris', '--reinstall', 'install', name)
  const needed = [...plan.matchAll(/^'[^']+' ([^_ ]+)_/gm)].map((match) => String(match[1]))
  await apt('download', ...needed)
  await run('sh', ['-c', 'for file in *.deb; do dpkg-deb -x "$file" ../root; done'], { cwd: packages })
}

/** The environment in which a program of an unpacked package finds its libraries. */
export function unpackedEnvironment(root: string): NodeJS.ProcessEnv {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  return { ...process.env, LD_LIBRARY_PATH: join(root, 'usr/lib', triplet) }
}
