import { expect, it } from 'vitest'
import { messageAuthorization } from '../../src/auth/message-authorization.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const byName = (values: unknown) => (name: string) => (name === 'authorization' ? values : undefined)

it.each([
  ['a record', { authorization: 'Bearer x' }],
  ['a record of bytes', { authorization: bytes('Bearer x') }],
  ['what answers one value of a name', { get: byName('Bearer x') }],
  ['what answers all values of a name', { get: byName(['Bearer x']) }],
])('is found in %s', (_, metadata) => {
  expect(messageAuthorization(metadata)).toBe('Bearer x')
})

it.each([
  ['a record', { authorization: ['Bearer x', bytes('Bearer y')] }],
  ['what answers all values of a name', { get: byName(['Bearer x', 'Bearer y']) }],
  [
    'what answers the first of a name unless asked for all',
    { get: byName('Bearer x'), values: byName(['Bearer x', 'Bearer y']) },
  ],
])('several in %s are joined, so that none of them counts', (_, metadata) => {
  expect(messageAuthorization(metadata)).toBe('Bearer x, Bearer y')
})

it.each([undefined, null, {}, { authorization: 1 }, { authorization: [{}] }, { get: byName([]) }])(
  'is absent from %o',
  (metadata) => {
    expect(messageAuthorization(metadata)).toBeUndefined()
  },
)
