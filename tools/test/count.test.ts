import { join } from 'node:path'
import { expect, test } from 'vitest'
import { plant, run } from './fixture.ts'

const count = async (report: unknown, status: number): Promise<{ code: number; last: string | undefined }> => {
  const root = plant(report === undefined ? {} : { 'reports/node.json': JSON.stringify(report) })
  const { code, output } = await run('../.ci/count.mjs', join(root, 'reports'), String(status))
  return { code, last: output.trimEnd().split('\n').at(-1) }
}

const report = (passed: number, failed: number, ...testResults: unknown[]): unknown => ({
  numPassedTests: passed,
  numFailedTests: failed,
  testResults,
})

test('prints the totals and keeps the exit code', async () => {
  expect(await count(report(12, 0), 0)).toEqual({ code: 0, last: '12 passed, 0 failed' })
  expect(await count(report(12, 0), 124)).toEqual({ code: 124, last: '12 passed, 0 failed' })
  const file = { status: 'failed', assertionResults: [{ status: 'failed' }] }
  expect(await count(report(11, 1, file), 1)).toEqual({ code: 1, last: '11 passed, 1 failed' })
})

test('adds up the reports of several runtimes', async () => {
  const root = plant({ 'node.json': JSON.stringify(report(12, 0)), 'bun.json': JSON.stringify(report(5, 1)) })
  expect((await run('../.ci/count.mjs', root, '0')).output.trimEnd()).toBe('17 passed, 1 failed')
})

test('counts a file that does not load as one failure', async () => {
  const file = { status: 'failed', assertionResults: [] }
  expect(await count(report(12, 0, file), 0)).toEqual({ code: 1, last: '12 passed, 1 failed' })
})

test('no report and an empty report are failures whatever the exit code', async () => {
  expect(await count(undefined, 0)).toEqual({ code: 1, last: '0 passed, 0 failed' })
  expect(await count(report(0, 0), 0)).toEqual({ code: 1, last: '0 passed, 0 failed' })
})
