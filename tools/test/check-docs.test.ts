import { expect, test } from 'vitest'
import { checkLinks } from '../docs/links.ts'
import { read } from '../docs/pages.ts'
import { plant, run } from './fixture.ts'

const workspace = {
  'tsconfig.base.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'es2023',
      types: [],
      customConditions: ['@orgpass/source'],
    },
  }),
  'packages/core/package.json': JSON.stringify({
    name: '@orgpass/core',
    type: 'module',
    exports: { './flows': { '@orgpass/source': './src/flows.ts', default: './dist/flows.js' } },
  }),
  'packages/core/src/flows.ts': 'export const flow = (name: string): number => name.length\n',
  'packages/core/node_modules/dep/package.json': JSON.stringify({ name: 'dep', type: 'module', exports: './index.js' }),
  'packages/core/node_modules/dep/index.d.ts': 'export declare const dep: boolean\n',
  'packages/core/node_modules/dep/index.js': 'export const dep = true\n',
}
const fenced = (info: string, ...lines: string[]): string => ['```' + info, ...lines, '```', ''].join('\n')

test('code that compiles and links that lead somewhere pass', async () => {
  const root = plant({
    ...workspace,
    'README.md': [
      fenced(
        'ts',
        `import { flow } from '@orgpass/core/flows'`,
        `import { dep } from 'dep'`,
        `await flow(String(dep))`,
      ),
      fenced('js', `const same = 'name in two blocks'`),
      fenced('ts', `const same = 1`),
      fenced('sh', 'npm start'),
      fenced('text', 'const x: = nonsense'),
      '[core](packages/core/src/flows.ts)',
    ].join('\n'),
    'docs/deep/page.md': '[up](../../README.md#top)',
  })
  expect(await run('check-docs.ts', root)).toEqual({
    code: 0,
    output: 'The documentation holds: 2 pages, 5 code blocks\n',
  })
})

test('faults are reported at the line of the page, in every page that readers see', async () => {
  const broken = fenced('ts', `import { flow } from '@orgpass/core/flows'`, '', 'flow(1)')
  const root = plant({
    ...workspace,
    'README.md': `# Title\n\n${broken}`,
    'docs/a/b.md': `1. a step\n\n   ${broken.replaceAll('\n', '\n   ')}`,
    'packages/core/README.md': fenced('js', `import 'nowhere'`),
    'apps/shop/README.md': fenced('ts', 'const x: string = 1'),
    'SECURITY.md': '[gone](docs/gone.md)',
  })
  const { code, output } = await run('check-docs.ts', root)
  expect(code).toBe(1)
  expect(output.trim().split('\n').sort()).toEqual([
    expect.stringMatching(/^README.md:6 TS2345: /),
    'SECURITY.md:1 links to docs/gone.md, which does not exist',
    expect.stringMatching(/^apps\/shop\/README.md:2 TS2322: /),
    expect.stringMatching(/^docs\/a\/b.md:6 TS2345: /),
    expect.stringMatching(/^packages\/core\/README.md:2 TS2882: /),
  ])
})

test.each([
  ['ts ignore', 'is marked "ignore"'],
  ['ts {1,2}', 'is marked'],
  ['ts twoslash', 'is marked "twoslash"'],
  ['TS', 'is marked "TS"'],
  ['typescript', 'is marked typescript: use ts or js'],
  ['tsx', 'is marked tsx: use ts or js'],
])('a block marked %s does not escape', async (info, message) => {
  const root = plant({ ...workspace, 'README.md': fenced(info, 'const x: string = 1') })
  expect(await run('check-docs.ts', root)).toMatchObject({
    code: 1,
    output: expect.stringContaining(`README.md:1 ${message}`) as string,
  })
})

test('a compiler that cannot do its work is a failure, not a pass', async () => {
  const root = plant({
    ...workspace,
    'tsconfig.base.json': '{ "compilerOptions": { "module": "nonsense" } }',
    'README.md': fenced('ts', 'export {}'),
  })
  expect(await run('check-docs.ts', root)).toMatchObject({
    code: 1,
    output: expect.stringContaining('could not be compiled') as string,
  })
})

test('fences are read as Markdown reads them', () => {
  const lines = [
    '````ts',
    '```',
    'inner',
    '````',
    '~~~js',
    '``` no end',
    '~~~',
    'a ```b``` c',
    '  ```ts',
    '  x',
    '    y',
    '  ```',
  ]
  const { blocks, problems } = read({ path: 'p.md', lines })
  expect(blocks.map(({ line, info, code }) => [line, info, code])).toEqual([
    [1, 'ts', '```\ninner'],
    [5, 'js', '``` no end'],
    [9, 'ts', 'x\n  y'],
  ])
  expect(problems).toEqual([])
  const quoted = read({ path: 'p.md', lines: ['> [!NOTE]', '> ```ts', '> x', '>   > y', '> ```'] })
  expect(quoted.blocks.map(({ code }) => code)).toEqual(['x\n  > y'])
  expect(read({ path: 'p.md', lines: ['', '```ts', 'x'] }).problems).toEqual([
    'p.md:2 opens a code block that nothing closes',
  ])
})

test.each([
  ['[a](here.md)', []],
  ['[a](./here.md#part "Title") and ![b](<here.md>)', []],
  ['[a](sub)', []],
  ['[a](/docs/here.md)', []],
  ['[a](https://example.com/x) [b](mailto:a@example.com) [c](#part) [d](//example.com)', []],
  ['`[a](gone.md)` and ``[b](gone.md)``', []],
  ['[a](gone.md)', ['gone.md, which does not exist']],
  [
    '![a](gone.png) [b](gone%20too.md?x#y)',
    ['gone.png, which does not exist', 'gone%20too.md?x#y, which does not exist'],
  ],
  ['[![a](gone.svg)](here.md)', ['gone.svg, which does not exist']],
  ['[a]: gone.md', ['gone.md, which does not exist']],
  ['<a href="gone.md"><img src="gone.png"></a>', ['gone.md, which does not exist', 'gone.png, which does not exist']],
  ['[a](/here.md)', ['/here.md, which does not exist']],
  ['[a](../../out.md)', ['../../out.md, which leaves the repository']],
])('links of %s', (text, faults) => {
  const root = plant({ 'docs/here.md': '', 'docs/sub/x.md': '' })
  const { prose } = read({ path: 'docs/page.md', lines: ['', text] })
  expect(checkLinks(root, 'docs/page.md', prose)).toEqual(faults.map((fault) => `docs/page.md:2 links to ${fault}`))
})
