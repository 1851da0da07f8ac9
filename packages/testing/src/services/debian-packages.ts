import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
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
    await prepare(work)
    await unpack(name, { work }).catch(async () => unpack(name, { work, sources: await withBackports(work) }))
    await rename(join(work, 'root'), root)
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(root)) console.warn(`The Debian package ${name} cannot be had: ${String(error).slice(0, 300)}`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return existsSync(root) ? root : undefined
}

async function prepare(work: string): Promise<void> {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'packages', 'root'])
    await mkdir(join(work, folder), { recursive: true })
}

interface Sources {
  readonly work: string
  /** A list of sources in place of the machine's. */
  readonly sources?: string
}

/** As apt does, with lists and caches of its own: needs no root and installs nothing. */
async function unpack(name: string, { work, sources }: Sources): Promise<void> {
  const options = [
    `Dir::State::lists=${work}/lists`,
    `Dir::Cache=${work}/cache`,
    'Debug::NoLocking=1',
    `APT::Sandbox::User=${userInfo().username}`,
    ...(sources === undefined ? [] : [`Dir::Etc::sourcelist=${sources}`, 'Dir::Etc::sourceparts=-']),
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

/** The machine's own mirror with what Debian adds to a stable release later. */
async function withBackports(work: string): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8')
  const [, codename] = /^VERSION_CODENAME=(\w+)$/m.exec(release) ?? []
  if (codename === undefined || !/^ID=debian$/m.test(release)) throw new Error('This is no Debian with backports.')
  const { stdout } = await run('apt-get', ['indextargets', '--format', '$(SITE)'])
  const site = stdout.split('\n').find((line) => line.endsWith('/debian'))
  if (site === undefined) throw new Error('The sources of this machine name no mirror of Debian.')
  const key = 'signed-by=/usr/share/keyrings/debian-archive-keyring.gpg'
  const list = join(work, 'sources.list')
  const suites = [codename, `${codename}-backports`]
  await writeFile(list, suites.map((suite) => `deb [${key}] ${site} ${suite} main\n`).join(''))
  return list
}

/** The environment in which a program of an unpacked package finds its libraries. */
export function unpackedEnvironment(root: string): NodeJS.ProcessEnv {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  return { ...process.env, LD_LIBRARY_PATH: join(root, 'usr/lib', triplet) }
}
