import { eventually, startProgram } from '@orgpass/testing'
import type { Program } from '@orgpass/testing'
import { afterAll, afterEach, expect, it } from 'vitest'
import { openStage, postgres, stopServices } from './stage.ts'
import type { Stage } from './stage.ts'

const running: Program[] = []
afterEach(() => {
  for (const program of running.splice(0)) program.kill('SIGKILL')
})
afterAll(stopServices)

function start(name: string, env: Readonly<Record<string, string>>): Program {
  const program = startProgram(new URL(`../src/${name}.ts`, import.meta.url), { ...env })
  program.address.catch(() => undefined)
  running.push(program)
  return program
}

const REAL = {
  SALESFORCE_CLIENT_ID: 'id',
  SALESFORCE_CLIENT_SECRET: 'not-to-be-printed',
  SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com',
  APP_BASE_URL: 'http://localhost:3000',
  SESSION_SECRET: 'k3J9vQ2mX7pL5tR8wZ1nB4cY6hG0sD3f',
}

it.each([
  ['worker-main', REAL, /^Cannot start: DATABASE_URL is missing\..*\n$/],
  ['worker-main', { DATABASE_URL: 'postgres://127.0.0.1:1/x' }, /^Cannot start: .*SALESFORCE_CLIENT_ID.*\n$/],
  ['worker-main', { ...REAL, DATABASE_URL: 'postgres://127.0.0.1:1/x', COUNT_EVERY: 'day' }, /COUNT_EVERY is not/],
  ['reseal', REAL, /^Cannot reseal everything: DATABASE_URL is missing\..*\n$/],
  ['reseal', { ...REAL, DATABASE_URL: 'postgres://127.0.0.1:1/x' }, /^Cannot reseal everything: .*store.*\n$/],
])('%s says in one line why it cannot begin (%#)', async (name, env, reason) => {
  const { code, err } = await start(name, env).ended
  expect([code, err]).toEqual([1, expect.stringMatching(reason)])
  expect(err).not.toContain('not-to-be-printed')
})

const rotated = async ({ sim }: Stage): Promise<number> => {
  const before = sim.requests.length
  sim.expireAccessTokens()
  const good = (): number =>
    sim.requests.slice(before).filter(({ path, status }) => path.includes('/query') && status === 200).length
  await eventually(() => good() >= 4, { timeout: 15_000 })
  return sim.requests.slice(before).filter(({ grantType }) => grantType === 'refresh_token').length
}

it.skipIf(postgres === undefined)(
  'two workers count until they are told to stop, and one of them renews',
  { timeout: 60_000 },
  async () => {
    await using stage = await openStage()
    const nora = await stage.person('nora')
    await stage.connect(nora, { org: 'Initech', username: 'bill@initech.example' })
    const workers = [1, 2].map(() => start('worker-main', { ...stage.env, COUNT_EVERY: '1' }))
    for (let night = 1; night <= 3; night++) expect(await rotated(stage)).toBe(1)
    expect((await (await nora.get('/connections')).text()).replaceAll(/\s+/g, ' ')).toContain('<dd>2, at ')
    const soon = new Promise((resolve) => setTimeout(resolve, 100, 'working'))
    expect(await Promise.race([soon, ...workers.map(async ({ ended }) => ended)])).toBe('working')
    for (const worker of workers) worker.kill('SIGTERM')
    const ends = await Promise.all(workers.map(async ({ ended }) => ended))
    expect(ends.map(({ code, err }) => [code, err])).toEqual([
      [0, ''],
      [0, ''],
    ])
  },
)

it('a worker outlasts a database that is away', { timeout: 60_000 }, async () => {
  const worker = start('worker-main', { ...REAL, DATABASE_URL: 'postgres://127.0.0.1:1/x', COUNT_EVERY: '1' })
  const ended = worker.ended.then(() => 'ended')
  expect(await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 4_000, 'working'))])).toBe('working')
  worker.kill('SIGTERM')
  const { code, err } = await worker.ended
  expect(code).toBe(0)
  expect(err).toContain('A round of the worker failed')
})

it.skipIf(postgres === undefined)(
  'after resealing, the secret before is not needed any more',
  { timeout: 60_000 },
  async () => {
    await using stage = await openStage()
    await stage.connect(await stage.person('nora'), { org: 'Acme', username: 'ada@acme.example' })
    const fresh = `the new session secret of the tests, long enough: ${stage.url}`
    const both = `${fresh},${stage.env['SESSION_SECRET']}`
    const tooSoon = await start('reseal', { ...stage.env, SESSION_SECRET: fresh }).ended
    expect([tooSoon.code, tooSoon.err]).toEqual([1, expect.stringContaining('No secret in SESSION_SECRET opens 1')])
    const done = await start('reseal', { ...stage.env, SESSION_SECRET: both }).ended
    expect(done).toMatchObject({ code: 0, out: 'Sealed with the newest secret: 1.\n' })
    const before = stage.sim.requests.length
    start('worker-main', { ...stage.env, SESSION_SECRET: fresh })
    await eventually(
      () => stage.sim.requests.slice(before).some(({ path, status }) => path.includes('/query') && status === 200),
      {
        timeout: 15_000,
      },
    )
  },
)
