import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { FactCache } from '../../src/auth/fact-cache.ts'

const cache = (timeout: number = 10_000): FactCache => new FactCache({ ttl: 60_000, now: Date.now, timeout })
const refused = async (): Promise<never> => {
  await sleep(20)
  throw new Error('refused')
}

it('whoever waited for a question that failed asks with the own token, whoever else fails meanwhile', async () => {
  const facts = cache()
  const answers = await Promise.allSettled([
    facts.get('key', { asker: 'first', ask: refused }),
    facts.get('key', { asker: 'second', ask: refused }),
    facts.get('key', { asker: 'third', ask: async () => 'known' }),
  ])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  expect(await facts.get('key', { asker: 'first', ask: refused })).toBe('known')
})

it('a question that was cut off is asked anew by whoever waits for it', async () => {
  const facts = cache(50)
  void facts.get('key', { asker: 'gone', ask: () => new Promise(() => undefined) })
  expect(await facts.get('key', { asker: 'here', ask: async () => 'known' })).toBe('known')
})
