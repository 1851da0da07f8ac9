import { expect, it } from 'vitest'
import { durableObjectStore } from '../src/index.ts'
import type { ObjectNamespace } from '../src/index.ts'

it.each([undefined, 'SESSIONS', {}])('%j is no binding, and the error says what is', (namespace) => {
  expect(() => durableObjectStore(namespace as never)).toThrow(/takes a binding of Durable Objects/)
})

it('refuses options that there are not, and numbers that cannot be meant', () => {
  const namespace: ObjectNamespace = { idFromName: () => 0, get: () => ({ fetch: () => Promise.reject(new Error()) }) }
  expect(() => durableObjectStore(namespace, { leese: 1 } as object)).toThrow('leese is not an option')
  expect(() => durableObjectStore(namespace, { lease: 10 })).toThrow(RangeError)
})
