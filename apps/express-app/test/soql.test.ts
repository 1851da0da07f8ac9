import { expect, it } from 'vitest'
import { containing } from '../src/soql.ts'

it.each([
  ['metal', "'%metal%'"],
  ["O'Neil", String.raw`'%O\'Neil%'`],
  ['100%', String.raw`'%100\%%'`],
  ['a_b', String.raw`'%a\_b%'`],
  ['back\\slash', String.raw`'%back\\slash%'`],
  ['"', String.raw`'%\"%'`],
  ['two\nlines\r\t', String.raw`'%two\nlines\r\t%'`],
  ['Müller 株式会社', "'%Müller 株式会社%'"],
])('writes %j as a literal', (part, literal) => {
  expect(containing(part)).toBe(literal)
})
