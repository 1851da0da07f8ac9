/** Runs core's unit, property and wire tests in every runtime that the kit promises: `node tools/runtimes.ts [name…]`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const vitest = 'node_modules/vitest/vitest.mjs'
const suites = ['unit', 'properties', 'wire'].map((folder) => `packages/core/test/${folder}`)
const node = (version: string): string[] =>
  `npx -y --prefer-offline -p node@${version} -- node ${vitest} run`.split(' ')

// Node 24 and workerd run them as part of the usual `vitest run`.
const runtimes: Record<string, readonly string[]> = {
  'Node 22': node('22.23.3'),
  'Node 26': node('26.10.0'),
  Bun: ['node_modules/.bin/bun', '--bun', vitest, 'run', '--pool=threads'],
  // Deno's own launcher does not pass signals on.
  Deno: `node_modules/deno/deno run -A --no-remote --no-lock --node-modules-dir=manual ${vitest} run`.split(' '),
}

interface Result {
  readonly runtime: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

async function run(runtime: string, [command = '', ...args]: readonly string[]): Promise<Result> {
  const report = `node_modules/.cache/vitest/${runtime.toLowerCase().replace(' ', '-')}.json`
  rmSync(join(root, report), { force: true })
  const child = spawn(command, [...args, '--no-isolate', '--project', 'core', ...suites], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, VITEST_REPORT: report },
  })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => said.push(part))
  const status: unknown = await once(child, 'close').then(([code]) => code, String)
  // In one piece, because two of them run side by side.
  console.log(`\n${runtime}\n${said.join('')}`)
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(join(root, report), 'utf8'))
    const failed = status === 0 ? numFailedTests : Math.max(1, numFailedTests)
    return { runtime, passed: numPassedTests, failed, skipped: numPendingTests }
  } catch {
    return { runtime, passed: 0, failed: 1, skipped: 0 }
  }
}

const chosen = process.argv.slice(2)
const wanted = Object.entries(runtimes).filter(([runtime]) => chosen.length === 0 || chosen.includes(runtime))
const results: Result[] = []
while (wanted.length > 0) {
  const pair = wanted.splice(0, 2)
  results.push(...(await Promise.all(pair.map(([runtime, command]) => run(runtime, command)))))
}
console.table(results)
if (results.length === 0 || results.some(({ failed }) => failed > 0)) process.exitCode = 1
