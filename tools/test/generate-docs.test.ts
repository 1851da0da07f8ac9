import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { slug } from '../generate/markdown.ts'
import { fillRegions } from '../generate/regions.ts'
import { plant, run } from './fixture.ts'

const page = '# Setup\n\n<!-- generated: setup device -->\n<!-- /generated -->\n\nBy hand.\n'

test('writes what is generated between the marks, and leaves the rest of the page alone', async () => {
  const root = plant({ 'docs/page.md': page, 'docs/other.md': '# By hand   only\n' })
  expect((await run('generate-docs.ts', '--write', root)).code).toBe(0)
  const text = readFileSync(join(root, 'docs/page.md'), 'utf8')
  expect(text).toMatch(
    /^# Setup\n\n<!-- generated: setup device -->\n\n1\. [^]*Enable Device Flow[^]*<!-- \/generated -->/,
  )
  expect(text).toMatch(/\n\nBy hand\.\n$/)
  expect(readFileSync(join(root, 'docs/other.md'), 'utf8')).toBe('# By hand   only\n')
  expect(await run('generate-docs.ts', '--check', root)).toEqual({
    code: 0,
    output: 'The generated documentation is current\n',
  })
})

test('refuses a page that was edited between the marks, and does not touch it', async () => {
  const root = plant({ 'docs/page.md': page })
  await run('generate-docs.ts', '--write', root)
  const path = join(root, 'docs/page.md')
  const edited = readFileSync(path, 'utf8').replace('Enable Device Flow', 'Enable nothing')
  writeFileSync(path, edited)
  const { code, output } = await run('generate-docs.ts', '--check', root)
  expect([code, output]).toEqual([1, expect.stringContaining('docs/page.md is not what is generated now')])
  expect(readFileSync(path, 'utf8')).toBe(edited)
})

test('asks what to do when it is not told', async () => {
  expect((await run('generate-docs.ts', plant({}))).code).toBe(1)
})

test.each([
  ['setup nothing', 'Nothing generates "setup nothing"'],
  ['setup toString', 'Nothing generates "setup toString"'],
  ['weather', 'Nothing generates "weather"'],
])('refuses the name "%s"', (name, problem) => {
  expect(() => fillRegions(`<!-- generated: ${name} -->\n<!-- /generated -->`)).toThrow(problem)
})

test('refuses a part that nothing closes', () => {
  expect(() => fillRegions('<!-- generated: flows -->\n')).toThrow('1 generated parts are opened and 0 closed')
})

test('links the index of errors to headings that stand on the page', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8')
  const headings = [...text.matchAll(/^### `(.*)`$/gm)].map(([, heading = '']) => slug(heading))
  const links = [...text.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor)
  expect(links.length).toBeGreaterThan(60)
  expect(links.filter((anchor) => !headings.includes(String(anchor)))).toEqual([])
})

test.each([
  ["invalid_grant: user hasn't approved this consumer", 'invalid_grant-user-hasnt-approved-this-consumer'],
  ['404 without a body', '404-without-a-body'],
  ['net/…', 'net'],
])('knows the anchor of "%s"', (heading, anchor) => {
  expect(slug(heading)).toBe(anchor)
})

test('has no opinion on a page without marks', () => {
  expect(fillRegions('# Page\n')).toBeUndefined()
})
