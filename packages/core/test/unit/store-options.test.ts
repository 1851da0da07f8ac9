import { expect, it } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import { readStoreOptions } from '../../src/store.ts'

const DEFAULTS = { prefix: 'orgpass', migrate: true, lease: 10_000, lockTimeout: 30_000, maxEntries: 5 }
const read = (given: object) => readStoreOptions('someStore', given, DEFAULTS)

it('takes what was given, and defaults for what was not or is undefined', () => {
  const given = { prefix: 'app', migrate: false, lease: 100, lockTimeout: 0, maxEntries: undefined }
  expect(read(given)).toEqual({ ...given, maxEntries: 5 })
})

it.each([
  ['another name', { Lease: 5_000 }, 'someStore: Lease is not an option. Options are prefix, migrate, lease'],
  ['a member of all objects', { toString: 1 }, 'toString is not an option'],
  ['another type', { lease: '10s' }, 'lease is no number'],
  ['another type of a switch', { migrate: 'false' }, 'migrate is no boolean'],
  ['null', { prefix: null }, 'prefix is no string'],
  ['a lease that ends before it can be renewed', { lease: 99 }, 'lease is 99. Give milliseconds, from 100 to'],
  ['a negative duration', { lockTimeout: -1 }, 'lockTimeout is -1. Give milliseconds, from 0 to'],
  ['no number', { lease: Number.NaN }, 'lease is NaN'],
  ['no end', { lockTimeout: Infinity }, 'lockTimeout is Infinity'],
  ['what timers cannot count', { lockTimeout: 2 ** 31 }, 'lockTimeout is 2147483648'],
  ['no room', { maxEntries: 0 }, 'maxEntries is 0. Give a number, 1 or more'],
])('refuses %s', (_, given, message) => {
  expect(() => read(given)).toThrow(message)
})

it('is what a memory store does', () => {
  expect(() => memoryStore({ maxEntry: 1 } as object)).toThrow('memoryStore: maxEntry is not an option')
  expect(() => memoryStore({ maxBytes: 0 })).toThrow(RangeError)
  expect(() => memoryStore({ maxBytes: Infinity, maxEntries: Infinity })).not.toThrow()
})
