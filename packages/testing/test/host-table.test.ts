import { expect, it } from 'vitest'
import { formatHosts } from '../src/adapter/host-table.ts'

it('the table has one line a host, in order, and nothing without hosts', () => {
  const table = formatHosts(
    new Map([
      ['Koa 3', { passed: 90, failed: 0, skipped: 1 }],
      ['Express 5', { passed: 9, failed: 82, skipped: 0 }],
    ]),
  )
  expect(table.split('\n')).toEqual([
    '',
    'adapter contract  passed  failed  skipped',
    'Express 5              9      82        0',
    'Koa 3                 90       0        1',
    '',
  ])
  expect(formatHosts(new Map())).toBe('')
})
