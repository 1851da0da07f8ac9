import { expect, it } from 'vitest'
import { postgresStore } from '../src/index.ts'

it.each([undefined, 'postgres://localhost', {}])('%j is no database, and the error says what is', (database) => {
  expect(() => postgresStore(database as never)).toThrow(/takes a Pool of the package pg/)
})
