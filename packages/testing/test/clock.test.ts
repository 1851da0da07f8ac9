import { expect, test } from 'vitest'
import { createClock } from '../src/index.ts'

test('stands still until advanced, and its now can be handed over on its own', () => {
  const { now, advance } = createClock(1_000)
  expect(now()).toBe(1_000)
  advance(250)
  expect(now()).toBe(1_250)
})

test('starts at the present moment by default', () => {
  const before = Date.now()
  const at = createClock().now()
  expect(at).toBeGreaterThanOrEqual(before)
  expect(at).toBeLessThanOrEqual(Date.now())
})

test.each([-1, Number.NaN])('refuses to advance by %s', (ms) => {
  expect(() => createClock().advance(ms)).toThrow(RangeError)
})
