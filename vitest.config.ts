import { join } from 'node:path'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { hostTable } from './packages/testing/src/adapter/host-table.ts'

const source = '@orgpass/source'

function project(root: string, more: Partial<TestProjectInlineConfiguration> = {}): TestProjectInlineConfiguration {
  const name = String(root.split('/').at(-1))
  return { extends: true, ...more, test: { name, root, include: ['test/**/*.test.ts'], ...more.test } }
}

const simulatorInWorker = join(import.meta.dirname, 'packages/core/test/workerd/simulator.ts')

const coreInWorkerd: TestProjectInlineConfiguration = project('packages/core', {
  plugins: [
    cloudflareTest({ miniflare: { compatibilityDate: '2026-10-01', compatibilityFlags: ['nodejs_compat'] } }),
    {
      name: 'simulator-in-worker',
      enforce: 'pre',
      resolveId: (id, importer) =>
        id === '@orgpass/simulator' && importer !== simulatorInWorker ? simulatorInWorker : undefined,
    },
  ],
  resolve: { conditions: [source, 'workerd', 'worker', 'module', 'browser', 'development|production'] },
  test: {
    name: 'core@workerd',
    include: ['test/{unit,wire,properties}/**/*.test.ts'],
    exclude: [
      'test/unit/{config-error,http-client}.test.ts',
      'test/wire/{login,callback,oidc-provider,public-client,stalled-answers}.test.ts',
    ],
    setupFiles: [join(import.meta.dirname, 'packages/core/test/workerd/setup.ts')],
  },
})

/** The tests of the Nest adapter once more, on the version that packages/nest-11 installs. */
function onNest11(): TestProjectInlineConfiguration {
  const installed = join(import.meta.dirname, 'packages/nest-11/node_modules/@nestjs/$1')
  return project('packages/nest', {
    resolve: { alias: [{ find: /^@nestjs\/(.+)$/, replacement: installed }] },
    test: { name: 'nest@11', env: { NEST_VERSION: '11' } },
  })
}

export default defineConfig({
  // Workspace packages resolve to their TypeScript sources: no build before tests.
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions], externalConditions: [source] } },
  test: {
    // The on-disk transform cache (on by default in Vitest 5) is not keyed on tsconfig.json.
    fsModuleCache: false,
    // Named, because Vitest runs what is in no group last where it has one worker only.
    sequence: { groupOrder: 1 },
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: [
      'default',
      ['json', { outputFile: process.env['VITEST_REPORT'] ?? 'node_modules/.cache/vitest/node-24.json' }],
      hostTable(),
    ],
    coverage: {
      provider: 'v8',
      // With --project, globs are matched against each project's root, hence the leading **.
      include: ['**/src/**/*.ts'],
      exclude: ['apps/**'],
      reporter: ['text', 'json-summary'],
    },
    projects: [
      project('packages/core'),
      project('packages/express'),
      project('packages/hono'),
      project('packages/koa'),
      project('packages/nest'),
      onNest11(),
      // Dozens of processes: beside them, other tests would starve.
      project('packages/resilience', { test: { sequence: { groupOrder: 2 } } }),
      project('packages/saml'),
      project('packages/sample-host'),
      project('packages/simulator'),
      project('packages/store-cloudflare'),
      project('packages/store-contract'),
      project('packages/store-postgres'),
      project('packages/store-redis'),
      project('packages/testing'),
      project('apps/express-app'),
      project('apps/koa-app'),
      project('apps/nest-app'),
      project('apps/nightly-job'),
      project('apps/device-cli'),
      project('apps/hono-node'),
      project('apps/hono-worker'),
      project('apps/saas-connect'),
      project('tools'),
      coreInWorkerd,
    ],
  },
})
