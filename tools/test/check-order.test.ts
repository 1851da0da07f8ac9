import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readBook } from '../order/book.ts'
import { checkBoundaries } from '../order/boundaries.ts'
import { checkContents } from '../order/contents.ts'
import { checkCore } from '../order/core.ts'
import { checkLengths } from '../order/lengths.ts'
import { plant, run } from './fixture.ts'

const order = { order: ['a.ts', ['b.ts', 'c.ts'], 'node/d.ts', 'e.ts'], node: ['node/d.ts'] }
const core = 'packages/core/src/'
const clean: Record<string, string> = {
  'packages/core/order.json': JSON.stringify(order),
  [`${core}a.ts`]: `import { jwtVerify } from 'jose'\nimport type { JWK } from 'jose/jwk'\nexport { jwtVerify, type JWK }\n`,
  [`${core}b.ts`]: `export * from './a.ts'\n`,
  [`${core}c.ts`]: `export type { JWK } from "./a.ts"\n`,
  [`${core}node/d.ts`]: `import { readFile } from 'node:fs/promises'\nimport '../b.ts'\nexport { readFile }\n`,
  [`${core}e.ts`]: `export const late = () => import('./b.ts')\n`,
}

function inspect(extra: Record<string, string>): string[] {
  const root = plant({ ...clean, ...extra })
  return [...checkCore(root, readBook(root)), ...checkBoundaries(root), ...checkLengths(root)]
}

test('a clean tree passes', () => {
  expect(inspect({})).toEqual([])
})

test.each([
  ['import', `import { x } from './e.ts'`],
  ['import of everything', `import * as e from './e.ts'`],
  ['import in double quotes', `import { x } from "./e.ts"`],
  ['import over several lines', `import {\n  x,\n  y,\n} from\n  './e.ts'`, 5],
  ['import without blanks', `import{x}from'./e.ts'`],
  ['import type', `import type { X } from './e.ts'`],
  ['inline type import', `import { type X } from './e.ts'`],
  ['export from', `export { x } from './e.ts'`],
  ['export type from', `export type { X } from './e.ts'`],
  ['export everything', `export * from './e.ts'`],
  ['export everything under a name', `export * as e from './e.ts'`],
  ['side-effect import', `import './e.ts'`],
  ['dynamic import', `const x = await import('./e.ts')`],
  ['dynamic import in a template', 'const x = await import(`./e.ts`)'],
  ['dynamic import deep inside', `class A { b = () => { if (1) void import('./e.ts') } }`],
  ['import type expression', `export type X = import('./e.ts').X`],
  ['typeof import', `export type X = typeof import('./e.ts')`],
  ['import type in a signature', `export function f(x: Array<import("./e.ts").X>): void {}`],
  ['require', `const x = require('./e.ts')`],
  ['require.resolve', `const x = require.resolve('./e.ts')`],
  ['import equals', `import x = require('./e.ts')`],
  ['reference', `/// <reference path="./e.ts" />`],
  ['after a comment on the same line', `/* why */ import /* this */ './e.ts' // now`],
])('%s of a file that stands below is caught', (_, text, line = 1) => {
  expect(inspect({ [`${core}b.ts`]: `${text}\n` })).toEqual([
    expect.stringMatching(`^${core}b.ts:${line} imports ./e.ts, which stands below it`),
  ])
})

test.each([
  ['comments', `// import './e.ts'\n/* import x from './e.ts' */\n/** @see import('./e.ts') */`],
  ['strings', `export const s = "import './e.ts'"\nexport const t = 'x = require("./e.ts")'`],
  ['templates', 'export const s = `import "./e.ts"; ${1} import("./e.ts")`'],
  ['regular expressions', `export const r = /import '.\\/e.ts'/`],
  ['members of that name', `export const x = { import: (s: string) => s, require: 1 }\nx.import('./e.ts')`],
])('%s are not mistaken for imports', (_, text) => {
  expect(inspect({ [`${core}b.ts`]: `${text}\n` })).toEqual([])
})

test.each([
  ['a sibling', `import './c.ts'`, 'imports its sibling ./c.ts'],
  ['itself', `import './b.ts'`, 'imports itself'],
  ['an unlisted name', `import './a.js'`, 'imports ./a.js, which is not in'],
  ['a file outside', `import '../../express/src/x.ts'`, 'which is not in'],
  ['a computed name', `await import(name)`, 'imports a computed name'],
  ['a computed require', `require('./' + name)`, 'imports a computed name'],
  ['Node', `import 'node:crypto'`, 'imports node:crypto, but is not listed under "node"'],
  ['Node without its prefix', `import 'crypto'`, 'imports the package crypto'],
  ['Node types', `/// <reference types="node" />`, 'imports the package node'],
  ['another package', `import type { Hono } from 'hono'`, 'imports the package hono: core depends on jose only'],
  ['a package that only starts alike', `import 'jose-extras'`, 'imports the package jose-extras'],
  ['its own package by name', `import '@orgpass/core'`, 'imports the package @orgpass/core'],
])('core may not import %s', (_, text, message) => {
  expect(inspect({ [`${core}b.ts`]: `${text}\n` })[0]).toContain(message)
})

test('a file for every runtime may not import one that needs Node', () => {
  expect(inspect({ [`${core}e.ts`]: `import './node/d.ts'` })).toEqual([
    expect.stringContaining('e.ts:1 imports ./node/d.ts, which needs Node'),
  ])
})

test('unlisted, missing, doubled and Node-only entries are caught', () => {
  expect(inspect({ [`${core}deep/x.ts`]: '' })).toEqual([`${core}deep/x.ts is not listed in packages/core/order.json`])
  const list = JSON.stringify({ order: [...order.order, 'gone.ts', 'a.ts'], node: [...order.node, 'other.ts'] })
  expect(inspect({ 'packages/core/order.json': list })).toEqual(
    expect.arrayContaining([
      expect.stringContaining('lists gone.ts, which is missing'),
      expect.stringContaining('lists a.ts twice'),
      expect.stringContaining('lists other.ts under "node" only'),
    ]),
  )
})

test('a file that does not parse is an error, not a file without imports', () => {
  expect(() => inspect({ [`${core}b.ts`]: `import {` })).toThrow(`${core}b.ts does not parse`)
})

test.each(['{}', '[]', '{"order":[1],"node":[]}', '{"order":[["a",["b"]]],"node":[]}', '{"order":["a"]}'])(
  'order.json of the shape %s is refused',
  (text) => {
    expect(() => readBook(plant({ 'packages/core/order.json': text }))).toThrow('order.json must be')
  },
)

test('an order.json that is missing or no JSON is named', () => {
  expect(() => readBook(plant({}))).toThrow('packages/core/order.json is missing')
  expect(() => readBook(plant({ 'packages/core/order.json': '{' }))).toThrow('packages/core/order.json is no JSON')
})

const express = {
  'packages/express/package.json': JSON.stringify({
    dependencies: { '@orgpass/core': '1' },
    devDependencies: { hono: '1' },
    peerDependencies: { express: '5' },
  }),
}
const simulator = { 'packages/simulator/package.json': JSON.stringify({ dependencies: { hono: '1' } }) }

test.each([
  ['packages/express/src/x.ts', `import 'express'\nimport '@orgpass/core/node'\nimport './y.ts'`],
  ['packages/express/test/x.test.ts', `import '../src/y.ts'\nimport 'hono'\nimport 'node:http'`],
  ['packages/simulator/src/deep/x.ts', `import 'node:http'\nimport 'hono/jsx'\nimport '../y.ts'`],
])('%s may import its own world', (path, text) => {
  expect(inspect({ ...express, ...simulator, [path]: text })).toEqual([])
})

test.each([
  ['packages/express/src/x.ts', `import 'hono'`, 'an adapter imports @orgpass/core, express and nothing else'],
  ['packages/express/src/x.ts', `import type { Server } from 'node:http'`, 'an adapter imports'],
  ['packages/express/src/x.ts', `import '../../core/src/a.ts'`, 'which leaves packages/express/src/'],
  ['packages/express/src/x.ts', `import '../test/x.ts'`, 'which leaves packages/express/src/'],
  ['packages/express/test/x.ts', `import '../../core/src/a.ts'`, 'which leaves packages/express/'],
  ['packages/express/test/x.ts', `import '/etc/x.ts'`, 'which leaves packages/express/'],
  ['packages/simulator/src/x.ts', `import '@orgpass/core'`, 'shares no code with core'],
  ['packages/simulator/src/x.tsx', `export type X = import('@orgpass/core/node').X`, 'shares no code with core'],
  ['packages/simulator/test/x.ts', `import '@orgpass/core'`, 'shares no code with core'],
  ['packages/simulator/src/x.ts', `import 'zod'`, 'is no dependency in packages/simulator/package.json'],
  ['apps/shop/src/x.ts', `import '../../other/src/x.ts'`, 'which leaves apps/shop/src/'],
  ['packages/core/test/x.ts', `import '../../simulator/src/x.ts'`, 'which leaves packages/core/'],
])('%s may not: %s', (path, text, message) => {
  expect(inspect({ ...express, ...simulator, [path]: text })).toEqual([expect.stringContaining(message)])
})

test('a source file of 250 lines passes, one more does not; tests may be longer', () => {
  const lines = (n: number): string => '//\n'.repeat(n)
  const long = { 'packages/x/src/a.ts': lines(250), 'tools/test/a.ts': lines(300), 'packages/x/test/a.ts': lines(300) }
  expect(inspect(long)).toEqual([])
  for (const path of ['packages/x/src/deep/a.css', 'apps/x/src/a.ts', 'tools/a.ts'])
    expect(inspect({ [path]: lines(251) })).toEqual([`${path} has 251 lines: split it below 251`])
  expect(inspect({ 'tools/a.ts': `${lines(250)}//` })).toHaveLength(1)
  expect(inspect({ 'tools/node_modules/x/a.js': lines(251), 'apps/x/src/dist/a.js': lines(251) })).toEqual([])
})

const page = (list: string): string => `# How it is built\n\n<!-- order -->${list}<!-- /order -->\n\nThe rest.\n`
const right = page(`

1. [a](packages/core/src/a.ts)
2. [b](packages/core/src/b.ts) · [c](packages/core/src/c.ts)
3. [node/d](packages/core/src/node/d.ts)
4. [e](packages/core/src/e.ts)

`)

test('the table of contents must equal the list', () => {
  const check = (text: string): string[] => checkContents(plant({ 'ARCHITECTURE.md': text }), order, { write: false })
  expect(check(right)).toEqual([])
  expect(check(right.replace('4. [e]', '4. [f]'))).toEqual([expect.stringContaining('differs from the list')])
  expect(check('# No marks')).toEqual([expect.stringContaining('has no <!-- order -->')])
  expect(checkContents(plant({}), order, { write: true })).toEqual([expect.stringContaining('is missing')])
})

test('the command exits 1 and names each fault, rewrites the contents when told, and then passes', async () => {
  const root = plant({ ...clean, 'ARCHITECTURE.md': page('') })
  const before = await run('check-order.ts', root)
  expect(before).toMatchObject({ code: 1, output: expect.stringContaining('run pnpm order --write') as string })
  expect((await run('check-order.ts', '--write', root)).code).toBe(0)
  expect(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')).toBe(right)
  expect(await run('check-order.ts', root)).toEqual({ code: 0, output: 'The order holds\n' })
  expect(await run('check-order.ts', plant({}))).toMatchObject({ code: 1 })
})
