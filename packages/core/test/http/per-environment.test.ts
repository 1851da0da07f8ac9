import { expect, it } from 'vitest'
import { perEnvironment } from '../../src/web.ts'

function counting(): { of: (environment: object) => number; made: () => number } {
  let made = 0
  return { of: perEnvironment(() => ++made), made: () => made }
}

it('makes one value for an environment, whatever changes in it afterwards', () => {
  const { of } = counting()
  const environment: Record<string, string> = { A: '1' }
  expect(of(environment)).toBe(1)
  environment['B'] = '2'
  expect(of(environment)).toBe(1)
})

it('takes a copy with the same variables and bindings for the same environment', () => {
  const { of } = counting()
  const binding = { get: () => 'a namespace' }
  expect([of({ A: '1', binding }), of({ binding, A: '1' }), of({ A: '1', binding })]).toEqual([1, 1, 1])
})

it.each([
  ['another value', { A: '2' }],
  ['another name', { B: '1' }],
  ['one more', { A: '1', B: '1' }],
  ['one less', {}],
  ['another binding of the same look', { A: {} }],
])('makes another value for an environment with %s', (_, other) => {
  const { of } = counting()
  of({ A: 'A' in other && typeof other.A === 'object' ? {} : '1' })
  expect(of(other)).toBe(2)
})

class Tenant {
  readonly #id: string

  constructor(id: string) {
    this.#id = id
  }

  get TENANT(): string {
    return this.#id
  }
}

it.each<[string, (id: string) => object]>([
  ['inherit their variables', (id) => Object.create({ TENANT: id }) as object],
  ['have getters of their class', (id) => new Tenant(id)],
  ['have getters of their own', (id) => Object.defineProperty({}, 'TENANT', { get: () => id, enumerable: true })],
  ['hide their variables', (id) => Object.defineProperty({}, 'TENANT', { value: id })],
  ['name their variables by symbols', (id) => ({ [Symbol.for('TENANT')]: id })],
])('never takes environments that %s for one another', (_, environment) => {
  const { of } = counting()
  const [one, other] = [environment('a'), environment('b')]
  expect([of(one), of(other), of(one), of(environment('a'))]).toEqual([1, 2, 1, 3])
})

it('makes a value again when making it failed', () => {
  let calls = 0
  const of = perEnvironment(() => {
    if (++calls === 1) throw new Error('a variable is missing')
    return calls
  })
  const environment = {}
  expect(() => of(environment)).toThrow('missing')
  expect(of(environment)).toBe(2)
})

it('keeps a bounded number of environments that are handed over as copies', () => {
  const { of, made } = counting()
  for (let tenant = 0; tenant < 100; tenant++) of({ TENANT: String(tenant) })
  expect(of({ TENANT: '99' })).toBe(100)
  expect(made()).toBe(100)
  expect(of({ TENANT: '0' })).toBe(101)
})
