import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FLOWS } from '../../packages/core/src/chooser/flows.ts'
import type { FlowName } from '../../packages/core/src/chooser/flows.ts'
import { membersNamed } from '../generate/members.ts'
import { parametersOf, situationTable } from '../generate/parameters.ts'
import { open } from '../generate/source.ts'
import { plant } from './fixture.ts'

function membersOf(text: string): string[] {
  const root = plant({
    'a.ts': text,
    'b.ts': ['export interface Base {', '  /** From elsewhere. */', '  base: number', '  x?: string', '}'].join('\n'),
  })
  return membersNamed('A', open(join(root, 'a.ts'))).map(
    ({ name, type, isOptional, doc, fallback }) =>
      `${name}${isOptional ? '?' : ''}: ${type}${doc && ` // ${doc}`}${fallback === undefined ? '' : ` = ${fallback}`}`,
  )
}

test.each([
  ['its own members', 'interface A { a: string; b?: number }', ['a: string', 'b?: number']],
  [
    'words and defaults',
    'interface A {\n  /**\n   * Two\n   * lines. @default 3\n   */\n  a?: number\n  // no doc\n  b: string }',
    ['a?: number // Two lines. = 3', 'b: string'],
  ],
  [
    'what another file gives, replaced by its own',
    `import type { Base } from './b.ts'\nexport interface A extends Base { x: 'y' }`,
    ['base: number // From elsewhere.', "x: 'y'"],
  ],
  [
    'both parts, and what is not in every alternative as optional',
    'type A = { a: string } & (B | { c: 1; d: 2 })\ntype B = { c: 3 }',
    ['a: string', 'c: 1', 'd?: 2'],
  ],
  [
    'what is picked',
    `import type { Base as Other } from './b.ts'\ntype A = Pick<Other, 'base'>`,
    ['base: number // From elsewhere.'],
  ],
  ['an object within on one line', 'interface A { a: {\n  /** Doc. */\n  b?: 1\n  c: 2\n} }', ['a: { b?: 1; c: 2 }']],
  ['a named function by its name', 'type F = () => void\ninterface A { f: F }', ['f: F']],
  [
    'what is not omitted from what it extends',
    `import type { Base } from './b.ts'\ninterface A extends Omit<Base, 'base'> { own: 1 }`,
    ['x?: string', 'own: 1'],
  ],
  ['a named alternative, spelled out', `type M = 'x' | 'y'\ninterface A { m: M; n: M[] }`, ["m: 'x' | 'y'", 'n: M[]']],
])('an object type has %s', (_, text, members) => {
  expect(membersOf(text)).toEqual(members)
})

test('a type that is no object or does not exist is refused', () => {
  expect(() => membersOf('type A = string')).toThrow(/knows no object type A/)
  expect(() => membersOf('')).toThrow(/knows no object type A/)
})

test('every parameter of every flow is listed with what it is', () => {
  for (const flow of Object.keys(FLOWS)) {
    const rows = parametersOf(flow as FlowName)
      .split('\n')
      .filter((line) => line.startsWith('| `'))
    expect([flow, rows]).not.toEqual([flow, []])
    for (const row of rows) expect(row).toMatch(/^\| `\w+` \| (?:yes|no) \| `.+` \| .{5,} \|$/)
  }
})

test('the signature tells what may be left out', () => {
  expect(parametersOf('jwt-bearer')).toMatch(
    /^`jwtBearer\(endpoint, \{ key, username, audience\? \}, \{ signal\? \}\?\)`\n/,
  )
})

test('the chooser takes for granted what its table says', () => {
  const rows = situationTable().split('\n')
  expect(rows).toContainEqual(expect.stringMatching(/^\| `userPresent` \| `boolean` \| required \| /))
  expect(rows).toContainEqual(expect.stringMatching(/^\| `canOpenBrowser` \| `boolean` \| as `userPresent` \| /))
  expect(rows).toContainEqual(expect.stringMatching(/^\| `canKeepSecret` \| `boolean` \| `true` \| /))
})
