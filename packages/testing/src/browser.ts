import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Browser } from 'playwright-core'

export interface LaunchOptions {
  /** Where CHROMIUM_PATH, PATH and REQUIRE_SERVICES are read. Default `process.env`. */
  env?: NodeJS.ProcessEnv
}

const names = ['chromium', 'chromium-browser', 'google-chrome']
const flags = [
  // Containers run as root, without a usable /dev/shm or GPU.
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The machine's own Chromium, or undefined when there is none: then `tests`, what the caller is about to skip, is
 * named on stderr.
 * @throws Error when there is none and REQUIRE_SERVICES is 1.
 */
export async function launchBrowser(tests: string, options: LaunchOptions = {}): Promise<Browser | undefined> {
  const { env = process.env } = options
  const executablePath = findChromium(env)
  if (executablePath === undefined) {
    const message = `NO CHROMIUM: skipping ${tests}. Install chromium, or set CHROMIUM_PATH to a browser`
    if (env['REQUIRE_SERVICES'] === '1') throw new Error(`${message}. REQUIRE_SERVICES=1 forbids the skip.`)
    console.warn(message)
    return undefined
  }
  const { chromium } = await import('playwright-core')
  return chromium.launch({ executablePath, args: flags })
}

function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  const given = env['CHROMIUM_PATH']
  if (given !== undefined && given !== '') return isExecutable(given) ? given : undefined
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
