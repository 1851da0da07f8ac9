import { afterAll, describe, expect, it } from 'vitest'
import { countAll } from '../src/worker.ts'
import { openStage, stopServices } from './stage.ts'

afterAll(stopServices)

const ACME = { org: 'Acme', username: 'ada@acme.example', alias: 'Sales' }
const GLOBEX = { org: 'Globex', username: 'hank@globex.example', alias: 'Globex' }

describe('signing in to the app', () => {
  it('takes a password of the app, and nobody else', { timeout: 60_000 }, async () => {
    await using stage = await openStage()
    const agent = await stage.person('nora')
    expect(await (await agent.get('/connections')).text()).toContain('The orgs of northwind')
    const stranger = await agent.post('/sign-in', { form: { name: 'nora', password: 'wrong' } })
    expect([stranger.status, await stranger.text()]).toMatchObject([
      403,
      expect.stringContaining('do not belong together'),
    ])
    expect((await agent.post('/sign-in', { body: '' })).status).toBe(403)
    await agent.post('/sign-out')
    expect((await agent.get('/connections')).headers.get('location')).toBe('/')
  })

  it('gives a cookie that no script and no other site gets', async () => {
    await using stage = await openStage()
    const [cookie] = (await stage.person('nora')).cookies.all()
    expect(cookie).toMatchObject({ name: 'saas.session', httpOnly: true, sameSite: 'strict' })
  })
})

describe('connecting', () => {
  it('goes by way of a page of the app, because its cookie stays behind, and brings several orgs', async () => {
    await using stage = await openStage()
    const nora = await stage.person('nora')
    const page = await stage.comeBack(nora, ACME)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Connecting your org')])
    expect(await stage.salesforce.connections.list('northwind')).toEqual([])
    for (const org of [ACME, GLOBEX]) {
      const back = await stage.connect(nora, org)
      expect([back.status, back.headers.get('location')]).toEqual([303, '/connections'])
    }
    await countAll(stage.rounds)
    const shown = await (await (await stage.person('nils')).get('/connections')).text()
    expect(shown).toContain('<h2>Sales (default)</h2>')
    expect(shown).toContain('<h2>Globex</h2>')
    expect(shown.replaceAll(/\s+/g, ' ')).toContain('<dd>hank@globex.example</dd>')
  })

  it('offers production, sandbox and a typed My Domain, and says which address is none', async () => {
    await using stage = await openStage()
    const nora = await stage.person('nora')
    const page = await (await nora.get('/connections')).text()
    for (const host of ['value="production"', 'value="sandbox"', 'acme.my.salesforce.com']) expect(page).toContain(host)
    const typed = await nora.post('/auth/connect', { form: { loginHost: 'acme.example' } })
    expect([typed.status, await typed.text()]).toEqual([400, expect.stringContaining('neither an org')])
  })

  it('lets forms of a page lead nowhere but to the app', async () => {
    await using stage = await openStage()
    const { headers } = await (await stage.person('nora')).get('/connections')
    const policy = headers.get('content-security-policy')
    expect(policy).toContain("form-action 'self';")
    expect(policy).toContain("default-src 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('names, chooses and ends connections', async () => {
    await using stage = await openStage()
    const nora = await stage.person('nora')
    await stage.connect(nora, ACME)
    await stage.connect(nora, GLOBEX)
    const [, globex] = await stage.salesforce.connections.list('northwind')
    await nora.post(`/connections/${globex?.id}/alias`, { form: { alias: '<b>Globex</b>' } })
    await nora.post(`/connections/${globex?.id}/default`)
    expect(await (await nora.get('/connections')).text()).toContain('<h2>&lt;b&gt;Globex&lt;/b&gt; (default)</h2>')
    const taken = await nora.post(`/connections/${globex?.id}/alias`, { form: { alias: 'Sales' } })
    expect([taken.status, await taken.text()]).toEqual([409, expect.stringContaining('Choose another alias')])
    expect((await nora.post(`/connections/${globex?.id}/alias`)).status).toBe(400)
    await countAll(stage.rounds)
    await nora.post('/auth/disconnect', { form: { connection: String(globex?.id) } })
    expect(stage.sim.approvals('hank@globex.example')).toEqual([])
    expect(await stage.rounds.store.get(`saas:count:${globex?.id}`)).toBeUndefined()
  })
})

describe('a tenant', () => {
  it('can neither see, call, change nor end what is of another', async () => {
    await using stage = await openStage()
    const [nora, tess] = [await stage.person('nora'), await stage.person('tess')]
    await stage.connect(nora, ACME)
    const [connection] = await stage.salesforce.connections.list('northwind')
    const id = connection?.id ?? ''
    expect(await (await tess.get('/connections')).text()).toContain('No org is connected yet')
    const before = stage.sim.requests.length
    const attempts = [
      await tess.post(`/connections/${id}/count`),
      await tess.post('/connections/Sales/count'),
      await tess.post(`/connections/${id}/alias`, { form: { alias: 'Mine' } }),
      await tess.post(`/connections/${id}/default`),
      await tess.post('/auth/connect', { form: { reconnect: id } }),
      await tess.post('/auth/disconnect', { form: { connection: id } }),
    ]
    expect(attempts.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404])
    expect(stage.sim.requests).toHaveLength(before)
    expect((await stage.salesforce.connections.list('northwind')).map(({ info }) => info.alias)).toEqual(['Sales'])
    expect((await nora.post(`/connections/${id}/count`)).status).toBe(303)
  })

  it('is not served by forms of other sites, nor without signing in', async () => {
    await using stage = await openStage()
    const nora = await stage.person('nora')
    await stage.connect(nora, ACME)
    const [connection] = await stage.salesforce.connections.list('northwind')
    const id = connection?.id ?? ''
    const paths = [`/connections/${id}/count`, `/connections/${id}/alias`, `/connections/${id}/default`, '/sign-out']
    const all = [...paths, '/sign-in', '/auth/connect', '/auth/disconnect']
    for (const path of all) {
      const answer = await nora.post(path, { form: {}, from: 'https://evil.example/' })
      expect([path, answer.status]).toEqual([path, 403])
    }
    await nora.post('/sign-out')
    for (const path of paths.slice(0, 3)) expect((await nora.post(path, { form: { alias: 'x' } })).status).toBe(401)
  })
})
