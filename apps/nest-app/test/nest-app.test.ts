import type { Agent } from '@orgpass/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openStage, script } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
beforeEach(() => stage.sim.reset())
afterAll(() => stage[Symbol.asyncDispose]())

interface Named {
  readonly id: string
  readonly name: string
}

async function list(agent: Agent, path: string): Promise<Named[]> {
  const response = await agent.get(path, { headers: script })
  expect(response.status).toBe(200)
  return (await response.json()) as Named[]
}

async function post(agent: Agent, body: unknown, headers = {}): Promise<[number, Record<string, unknown>]> {
  const response = await agent.post('/api/handovers', { json: body, headers: { ...script, ...headers } })
  return [response.status, (await response.json()) as Record<string, unknown>]
}

async function graphql(agent: Agent, query: string, variables = {}): Promise<Record<string, unknown>> {
  const response = await agent.post('/graphql', { json: { query, variables }, headers: script })
  return (await response.json()) as Record<string, unknown>
}

describe('the page', () => {
  it('tells a stranger what it does, and who is logged in what they may do', async () => {
    const agent = stage.visitor()
    expect(await (await agent.get('/')).text()).toContain('This is a demo org')
    expect(await (await (await stage.user('ada')).get('/')).text()).toMatch(/Ada Lovell[^]*System Administrator/)
    const alan = await (await (await stage.user('alan')).get('/')).text()
    expect(alan).toContain('Read Only')
    expect(alan.match(/not you/g)).toHaveLength(2)
  })

  it('says in a page what went wrong to a person, in JSON to a script', async () => {
    const person = await stage.visitor().get('/auth/callback')
    expect([person.status, await person.text()]).toEqual([400, expect.stringContaining('<h1>That did not work</h1>')])
    const denied = await (await stage.user('alan')).get('/api/books')
    expect([denied.status, await denied.text()]).toEqual([403, expect.stringContaining('another profile')])
    const programmatic = await stage.visitor().get('/auth/callback', { headers: script })
    expect(await programmatic.json()).toMatchObject({ statusCode: 400, error: 'callback/opened-directly' })
    expect((await stage.visitor().get('/api/accounts')).status).toBe(302)
  })

  it('documents the API, for everybody', async () => {
    expect(await (await stage.visitor().get('/docs')).text()).toContain('swagger-ui')
    const document = (await (await stage.visitor().get('/docs-json')).json()) as { paths: Record<string, object> }
    expect(Object.keys(document.paths)).toEqual(['/api/accounts', '/api/colleagues', '/api/handovers', '/api/books'])
    expect(JSON.stringify(document.paths['/api/books'])).toContain('403')
  })
})

describe('the roles', () => {
  it.each([
    ['ada', [200, 200, 200]],
    ['grace', [200, 200, 403]],
    ['alan', [200, 403, 403]],
  ] as const)('%s reaches what the profile allows, over REST and over GraphQL', async (name, statuses) => {
    const agent = await stage.user(name)
    const paths = ['accounts', 'colleagues', 'books']
    const rest = paths.map(async (path) => (await agent.get(`/api/${path}`, { headers: script })).status)
    expect(await Promise.all(rest)).toEqual(statuses)
    const fields = ['{ accounts { id } }', '{ colleagues { id } }', '{ books { owner } }']
    const answers = await Promise.all(fields.map(async (field) => JSON.stringify(await graphql(agent, field))))
    expect(answers.map((answer) => (answer.includes('FORBIDDEN') ? 403 : 200))).toEqual(statuses)
  })

  it('a stranger reaches nothing', async () => {
    const agent = stage.visitor()
    expect((await agent.get('/api/accounts', { headers: script })).status).toBe(401)
    expect(await graphql(agent, '{ accounts { id } }')).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED', originalError: { login: '/auth/login' } } }],
    })
  })
})

describe('a handover', () => {
  it('moves accounts to a colleague, who then owns them', async () => {
    const [grace, ada] = [await stage.user('grace'), await stage.user('ada')]
    const [first, second] = await list(grace, '/api/accounts')
    const colleague = (await list(grace, '/api/colleagues')).find(({ name }) => name === 'Ada Lovell')
    const before = (await list(ada, '/api/accounts')).length
    const handover = { to: colleague?.id, accounts: [first?.id, second?.id] }
    expect(await post(grace, handover)).toMatchObject([200, { accounts: [first, second] }])
    const after = await list(ada, '/api/accounts')
    expect(after).toHaveLength(before + 2)
    expect(after).toContainEqual(first)
    const books = (await (await ada.get('/api/books', { headers: script })).json()) as { accounts: number }[]
    expect(books[0]).toEqual({ owner: 'Ada Lovell', accounts: before + 2 })
  })

  it('works over GraphQL as well', async () => {
    const grace = await stage.user('grace')
    const [first] = await list(grace, '/api/accounts')
    const [colleague] = await list(grace, '/api/colleagues')
    const mutation = 'mutation ($handover: Handover!) { handOver(handover: $handover) { accounts { name } } }'
    const handover = { to: colleague?.id, accounts: [first?.id] }
    expect(await graphql(grace, mutation, { handover })).toEqual({
      data: { handOver: { accounts: [{ name: first?.name }] } },
    })
  })

  it('takes own accounts only, by their ids, and moves all of them or none', async () => {
    const [grace, ada] = [await stage.user('grace'), await stage.user('ada')]
    const [mine] = await list(grace, '/api/accounts')
    const [foreign] = await list(ada, '/api/accounts')
    const to = (await list(grace, '/api/colleagues'))[0]?.id
    const refusals: unknown[] = [
      { to, accounts: [mine?.id, foreign?.id] },
      { to, accounts: [] },
      { to, accounts: ["001' OR Name != '"] },
      { to, accounts: 'all' },
      { to: mine?.id, accounts: [mine?.id] },
      { accounts: [mine?.id] },
      {},
    ]
    for (const body of refusals) expect((await post(grace, body))[0]).toBe(400)
    expect((await list(grace, '/api/accounts'))[0]).toEqual(mine)
  })

  it('comes from a page of this app, from no other', async () => {
    const grace = await stage.user('grace')
    const [mine] = await list(grace, '/api/accounts')
    const to = (await list(grace, '/api/colleagues'))[0]?.id
    const forged = { origin: 'https://evil.example' }
    expect(await post(grace, { to, accounts: [mine?.id] }, forged)).toMatchObject([
      403,
      { error: 'request/cross-origin' },
    ])
    expect((await list(grace, '/api/accounts'))[0]).toEqual(mine)
  })

  it('is refused to who may only read', async () => {
    const alan = await stage.user('alan')
    expect(await post(alan, { to: '005000000000001AAA', accounts: ['001000000000001AAA'] })).toMatchObject([
      403,
      { error: 'request/forbidden', requirement: 'profile' },
    ])
  })
})
