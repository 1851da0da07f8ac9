import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FLOWS } from '../../packages/core/src/chooser/flows.ts'
import { command } from '../command.ts'
import type { Outcome } from '../command.ts'
import { plant } from './fixture.ts'

const root = join(import.meta.dirname, '../..')
const names = [...Object.keys(FLOWS), 'dpop']

/** What the documented command runs. */
function runFlow(...args: string[]): Promise<Outcome> {
  return command(process.execPath, ['--conditions=@orgpass/source', 'tools/run-flow.ts', ...args], { cwd: root })
}

const pageOf = (name: string): string =>
  readFileSync(join(root, 'docs', name === 'dpop' ? '' : 'flows', `${name}.md`), 'utf8')

// Each starts a process and a simulator, which takes its time on a busy machine.
describe('the code of a page runs against the simulator', { timeout: 60_000 }, () => {
  test.each(names)('%s', async (flow) => {
    const { code, output } = await runFlow(flow)
    expect([code, output]).toEqual([0, expect.stringMatching(/Salesforce was asked:\n {2}(?:GET|POST) /)])
    expect(output).not.toMatch(/PRIVATE KEY|00D\w{12}!|5Aep/)
    expect(output).not.toMatch(/prints:\n\n/)
  })

  test('and what each block prints stands under its line', async () => {
    const lines = pageOf('jwt-bearer').split('\n')
    const [first, second] = lines.flatMap((text, i) => (text === '```ts' ? [i + 1] : []))
    const { output } = await runFlow('jwt-bearer')
    expect(output).toContain(`\nThe code at line ${first} prints:\nada@acme.example 200\nhttp`)
    expect(output).toContain(`\nThe code at line ${second} prints:\nada@acme.example\n`)
  })

  test('and the request for a device code is told from the others', async () => {
    expect((await runFlow('device')).output).toMatch(/ POST \S+\/token \(device_code\): 200\n/)
  })
})

test.each(names)('the page of %s names its command', (flow) => {
  expect(pageOf(flow)).toContain(`\nnpx pnpm@12.21.0 run flow ${flow}\n`)
})

test('the examples of how to choose a flow print what stands beside them', { timeout: 60_000 }, async () => {
  const page = 'docs/choosing-a-flow.md'
  const script = `import { runPage } from './tools/flows/program.ts'; await runPage('${page}', () => {})`
  const args = ['--conditions=@orgpass/source', '--input-type=module', '-e', script]
  const { output } = await command(process.execPath, args, { cwd: root })
  const [, ...promised] = [...readFileSync(join(root, page), 'utf8').matchAll(/^console\.log\(.*\) \/\/ '([\w-]+)'/gm)]
  expect(promised).toHaveLength(4)
  expect(output.trimEnd().split('\n').slice(-4)).toEqual(promised.map(([, flow]) => flow))
})

describe('the command fails', { timeout: 60_000 }, () => {
  test.each([
    ['when the code of the page throws', ['clientSecretPost(', "clientSecretPost('not ' + "], /invalid_client/],
    ['when it ends otherwise', ['/limits', '/nothing'], /should have ended with "ada@acme.example 200"/],
    ['when there is no code', ['```ts', '```text'], /has no ts block/],
  ] as const)('%s', async (_, [from, to], words) => {
    const folder = plant({ 'page.md': pageOf('client-credentials').replace(from, to) })
    const { code, output } = await runFlow('client-credentials', join(folder, 'page.md'))
    expect([code, output]).toEqual([1, expect.stringMatching(words)])
  })

  test('for a name that is no flow, and lists those there are', async () => {
    const { code, output } = await runFlow('toString')
    expect([code, output]).toEqual([1, expect.stringMatching(/^Name one of these: asset-token, .*username-password/)])
  })
})
