import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { SingleFlight } from '../../src/connection/single-flight.ts'

const never = (): Promise<never> => new Promise(() => undefined)

it('callers at the same time share one attempt, and its failure', async () => {
  const flights = new SingleFlight<number>({ limit: 10_000 })
  let made = 0
  const work = async (): Promise<number> => {
    await sleep(10)
    throw new Error(`attempt ${++made}`)
  }
  const results = await Promise.allSettled([flights.run('key', work), flights.run('key', work)])
  expect(results.map((result) => String('reason' in result && result.reason))).toEqual(
    Array.from({ length: 2 }, () => 'Error: attempt 1'),
  )
  expect(await flights.run('key', async () => 2)).toBe(2)
})

it('an attempt that never ends is waited for until the limit, and then replaced once for all', async () => {
  const flights = new SingleFlight<number>({ limit: 50 })
  void flights.run('key', never)
  let made = 0
  const work = async (): Promise<number> => {
    await sleep(10)
    return ++made
  }
  expect(await Promise.all(Array.from({ length: 5 }, () => flights.run('key', work)))).toEqual([1, 1, 1, 1, 1])
})

it('an attempt that is older than the limit is not waited for at all', async () => {
  const flights = new SingleFlight<number>({ limit: 50 })
  void flights.run('key', never)
  await sleep(60)
  expect(await flights.join('key')).toBeUndefined()
})

it('an attempt that ends after it was replaced leaves its successor alone', async () => {
  const flights = new SingleFlight<string>({ limit: 200 })
  const late = flights.run('key', () => sleep(350, 'late'))
  await sleep(250)
  const successor = flights.run('key', () => sleep(150, 'successor'))
  expect(await late).toBe('late')
  expect(await flights.join('key')).toEqual({ value: 'successor' })
  expect(await successor).toBe('successor')
})
