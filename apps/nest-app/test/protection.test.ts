import { getIntrospectionQuery } from 'graphql'
import { expect, it } from 'vitest'
import { openStage, script } from './stage.ts'
import type { Stage } from './stage.ts'

async function ask(stage: Stage, query: string): Promise<{ data?: object; errors?: { message: string }[] }> {
  const agent = await stage.user('ada')
  const answer = await agent.post('/graphql', { json: { query }, headers: script })
  return (await answer.json()) as object
}

it('runs nothing but its own scripts, is not framed, and leaves what belongs to one person in no cache', async () => {
  await using stage = await openStage()
  const agent = await stage.user('ada')
  const personal = ['/', '/api/accounts', '/api/none', '/auth/login']
  const caches: (string | null)[] = []
  for (const path of [...personal, '/docs', '/docs/swagger-ui-bundle.js']) {
    const { headers } = await agent.get(path, { headers: script })
    const policy = headers.get('content-security-policy') ?? ''
    expect([path, policy]).toEqual([path, expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'/)])
    expect(policy).not.toMatch(/script-src[^;]*(unsafe|http)/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    caches.push(headers.get('cache-control'))
  }
  expect(caches.slice(0, personal.length)).toEqual(personal.map(() => 'no-store'))
  const answer = await agent.post('/graphql', { json: { query: '{ accounts { id } }' }, headers: script })
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
})

it('serves no page of another site where GraphQL is', async () => {
  await using stage = await openStage()
  const page = await (await stage.user('ada')).get('/graphql', { headers: { accept: 'text/html' } })
  expect(await page.text()).not.toMatch(/unpkg|<script/)
})

it('tells what its GraphQL can do in the demo only', async () => {
  await using demo = await openStage()
  expect(await ask(demo, getIntrospectionQuery())).toMatchObject({ data: { __schema: expect.anything() } })
  await using real = await openStage({ isDemo: false })
  expect((await ask(real, '{ __schema { types { name } } }')).errors).toMatchObject([
    { message: expect.stringContaining('introspection') },
  ])
  expect(await ask(real, '{ accounts { id } }')).toMatchObject({ data: { accounts: expect.anything() } })
})

it('answers a few questions at a time over GraphQL, however they are written', async () => {
  await using stage = await openStage()
  const aliases = (count: number): string => Array.from({ length: count }, (_, i) => `a${i}: books { owner }`).join(' ')
  expect(await ask(stage, `{ ${aliases(5)} }`)).toMatchObject({ data: { a4: expect.anything() } })
  const refused = [{ message: expect.stringContaining('at most 5') }]
  const inFragments = `{ ...few ...more } fragment few on Query { ${aliases(3)} } fragment more on Query { ${aliases(5)} }`
  const asked = stage.sim.requests.length
  expect((await ask(stage, `{ ${aliases(6)} }`)).errors).toMatchObject(refused)
  expect((await ask(stage, inFragments)).errors).toMatchObject(refused)
  expect(stage.sim.requests.slice(asked).filter(({ path }) => path.includes('/query'))).toEqual([])
  const long = `{ accounts { ${'id '.repeat(1_000)} } }`
  expect((await ask(stage, long)).errors).toMatchObject([{ message: expect.stringContaining('tokens') }])
})
