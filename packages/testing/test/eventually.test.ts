import { expect, test } from 'vitest'
import { eventually } from '../src/index.ts'

test('gives the first answer of a check that stops throwing', async () => {
  let tries = 0
  const answer = await eventually(() => {
    tries += 1
    if (tries < 3) throw new Error('not yet')
    return tries
  })
  expect(answer).toBe(3)
})

test('repeats while the answer is false and accepts undefined', async () => {
  let tries = 0
  await eventually(() => ++tries >= 4)
  expect(tries).toBe(4)
  await expect(eventually(() => undefined)).resolves.toBeUndefined()
})

test('throws what the last try threw once the time is over', async () => {
  let tries = 0
  const check = async (): Promise<never> => {
    tries += 1
    throw new Error(`failure ${tries}`)
  }
  const failure: unknown = await eventually(check, { timeout: 50, interval: 5 }).catch((error: unknown) => error)
  expect(tries).toBeGreaterThan(1)
  expect(failure).toEqual(new Error(`failure ${tries}`))
})

test('says so when the check never stopped answering false', async () => {
  await expect(eventually(() => false, { timeout: 20 })).rejects.toThrow('still answered false after 20 ms')
})
