import { expect, test, vi } from 'vitest'
import { plant, run } from './fixture.ts'

// Two installs and a dozen processes, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 })

const manifest = {
  name: '@orgpass/sample',
  version: '1.0.0',
  license: 'MIT',
  type: 'module',
  files: ['dist'],
  sideEffects: false,
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './more': { types: './dist/more.d.ts', default: './dist/more.js' },
  },
}
const files = (name: string, more: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      'package.json': JSON.stringify({ ...manifest, name: `@orgpass/${name}` }),
      'dist/index.js': 'export const one = 1\n',
      'dist/index.d.ts': 'export declare const one: number\n',
      'dist/more.js': 'export const two = 2\n',
      'dist/more.d.ts': 'export declare const two: number\n',
      ...more,
    }).map(([path, text]) => [`packages/${name}/${path}`, text]),
  )

test('packages that install, load and compile pass; private ones are left out', async () => {
  const secret = { 'packages/secret/package.json': JSON.stringify({ name: 'secret', private: true }) }
  const user = JSON.stringify({ ...manifest, name: '@orgpass/user', dependencies: { '@orgpass/sample': '^1.0.0' } })
  const uses = `export { one } from '@orgpass/sample'\n`
  const more = { 'package.json': user, 'dist/index.js': uses, 'dist/index.d.ts': uses }
  const root = plant({ ...files('sample'), ...files('user', more), ...secret })
  expect(await run('check-pack.ts', root)).toEqual({
    code: 0,
    output: 'Packed, linted and used: @orgpass/sample, @orgpass/user\n',
  })
})

test('what breaks only outside the workspace is reported', async () => {
  const undeclared = `import 'undeclared'\nawait 0\nexport const two = 2\n`
  const root = plant(
    files('sample', {
      'package.json': JSON.stringify({ ...manifest, bin: './dist/bin.js' }),
      'dist/index.js': 'await 0\nexport const one = 1\n',
      'dist/index.d.ts': `import type { Gone } from './gone.js'\nexport declare const one: Gone\n`,
      'dist/more.js': undeclared,
    }),
  )
  const { code, output } = await run('check-pack.ts', root)
  expect(code).toBe(1)
  expect(output).toContain('pkg.bin.sample is ./dist/bin.js but the file does not exist')
  expect(output).toContain('Internal resolution error')
  expect(output).toMatch(/import fails:[^]*Cannot find package 'undeclared'/)
  expect(output).toMatch(/require\(\) fails on Node v[^]*ERR_REQUIRE_ASYNC_MODULE/)
  expect(output).toMatch(/consumer does not compile:[^]*dist\/index.d.ts.*TS2307/)
})
