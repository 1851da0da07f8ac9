import { afterAll, expect, it } from 'vitest'
import { countAll } from '../src/worker.ts'
import { openStage, stopServices } from './stage.ts'

afterAll(stopServices)

it('signs people in by their own password, and nobody else', { timeout: 60_000 }, async () => {
  await using stage = await openStage()
  const agent = await stage.person('nora')
  expect(await (await agent.get('/connections')).text()).toContain('The orgs of northwind')
  const stranger = await agent.post('/sign-in', { form: { name: 'nora', password: 'wrong' } })
  expect([stranger.status, await stranger.text()]).toMatchObject([
    403,
    expect.stringContaining('do not belong together'),
  ])
  expect((await agent.post('/sign-in', { form: {}, from: 'https://evil.example/' })).status).toBe(403)
  await agent.post('/sign-out')
  expect((await agent.get('/connections')).headers.get('location')).toBe('/')
})

it('connects several orgs of a tenant, by way of a page that goes on by itself', async () => {
  await using stage = await openStage()
  const nora = await stage.person('nora')
  for (const [org, username] of [
    ['Acme', 'ada@acme.example'],
    ['Globex', 'hank@globex.example'],
  ] as const) {
    const back = await stage.connect(nora, org, username)
    expect([back.status, back.headers.get('location')]).toEqual([303, '/connections'])
  }
  const page = await (await (await stage.person('nils')).get('/connections')).text()
  expect(page).toContain('<h2>Acme (default)</h2>')
  expect(page).toContain('<h2>Globex</h2>')
})

it('keeps tenants apart', async () => {
  await using stage = await openStage()
  const [nora, tess] = [await stage.person('nora'), await stage.person('tess')]
  await stage.connect(nora, 'Acme', 'ada@acme.example')
  const [connection] = await stage.salesforce.connections.list('northwind')
  const id = connection?.id ?? ''
  expect(await (await tess.get('/connections')).text()).toContain('No org is connected yet')
  const attempts = [
    await tess.post('/auth/disconnect', { form: { connection: id } }),
    await tess.post('/auth/connect', { form: { reconnect: id } }),
    await tess.post(`/connections/${id}/alias`, { form: { alias: 'Mine' } }),
    await tess.post(`/connections/${id}/default`),
  ]
  expect(attempts.map(({ status }) => status)).toEqual([404, 404, 404, 404])
  expect((await stage.salesforce.connections.list('northwind')).map(({ info }) => info.alias)).toEqual(['Acme'])
})

it('counts the accounts of every org at night, with one renewal however many count', async () => {
  await using stage = await openStage()
  const nora = await stage.person('nora')
  await stage.connect(nora, 'Globex', 'hank@globex.example')
  stage.sim.expireAccessTokens()
  await Promise.all([countAll(stage.worker), countAll(stage.worker)])
  expect(stage.sim.requests.filter(({ grantType }) => grantType === 'refresh_token')).toHaveLength(1)
  expect(await (await nora.get('/connections')).text()).toContain('1 accounts')
})

it('says when an org has to be reconnected and why, and goes on under the same id afterwards', async () => {
  await using stage = await openStage()
  const { sim } = stage
  const nora = await stage.person('nora')
  await stage.connect(nora, 'Acme', 'ada@acme.example')
  const [before] = await stage.salesforce.connections.list('northwind')
  sim.updateUser('ada@acme.example', { active: false })
  sim.expireAccessTokens()
  await countAll(stage.worker)
  expect(await (await nora.get('/connections')).text()).toContain('Has to be reconnected.')
  sim.updateUser('ada@acme.example', { active: true })
  expect((await stage.connect(nora, 'Acme', 'ada@acme.example')).status).toBe(303)
  await countAll(stage.worker)
  expect(await (await nora.get('/connections')).text()).not.toContain('Has to be reconnected.')
  expect((await stage.salesforce.connections.list('northwind')).map(({ id }) => id)).toEqual([before?.id])
})
