import { expect, it } from 'vitest'
import { redisStore } from '../src/index.ts'

it.each([undefined, 'redis://localhost', {}])('%j is no client, and the error says what is', (client) => {
  expect(() => redisStore(client as never)).toThrow(/takes a client of the package redis/)
})
