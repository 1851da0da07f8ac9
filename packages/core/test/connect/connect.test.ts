import { createGate, leadsTo } from '@orgpass/testing'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import { connect, list, outcome, tellConnect } from './harness.ts'

const TWO_ORGS = {
  seed: {
    orgs: [{ name: 'Globex', users: [{ username: 'hank@globex.example', admin: true }] }],
    apps: [
      { label: 'SaaS', org: 'Acme', distribution: 'packaged' as const, dangerouslyAllowAnyLoopbackCallback: true },
    ],
  },
}

describe('connecting an org', () => {
  it('stores a connection for the owner, without a session', async () => {
    await using story = await tellConnect()
    const agent = story.browser('tenant-1')
    const back = await connect(story, agent, { alias: 'Sales', returnTo: '/settings' })
    expect([back.status, back.headers.get('location')]).toEqual([303, '/settings'])
    const [connection, ...others] = await list(agent)
    expect(others).toEqual([])
    expect(connection).toMatchObject({
      owner: 'tenant-1',
      alias: 'Sales',
      orgId: story.sim.org().id,
      status: 'connected',
    })
    expect(agent.cookies.get('salesforce.sid')).toBeUndefined()
    expect(await outcome(await agent.get(`/call?id=${connection?.id}`))).toBe('200')
    expect(await outcome(await agent.get('/call?id=Sales'))).toBe('200')
  })

  it('keeps no token, refresh token or owner readable in the store', async () => {
    await using story = await tellConnect()
    await connect(story, story.browser('tenant-1'))
    const kept: string[] = []
    for await (const key of story.store.keys('')) kept.push(key, (await story.store.get(key)) ?? '')
    expect(kept).toHaveLength(2)
    expect(kept[0]).toMatch(/^salesforce:connection:[\w-]{43}$/)
    expect(kept[1]).toMatch(/^[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/)
    expect(kept.join()).not.toContain('tenant-1')
  })

  it('is refused from another origin, by GET, and to nobody', async () => {
    await using story = await tellConnect()
    const agent = story.browser('tenant-1')
    expect(await outcome(await agent.post('/auth/connect', { form: {}, from: 'https://evil.example/' }))).toBe(
      '403 request/cross-origin',
    )
    expect((await agent.get('/auth/connect')).status).toBe(405)
    expect(await outcome(await story.browser().post('/auth/connect', { form: {} }))).toBe(
      '401 connection/owner-missing',
    )
    expect(story.sim.requests).toEqual([])
  })

  it('tells a script where to go on', async () => {
    await using story = await tellConnect()
    const headers = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
    const answer = await story.browser('tenant-1').post('/auth/connect', { form: {}, headers })
    const { location } = (await answer.json()) as { location: string }
    expect(location).toMatch(new RegExp(`^${story.sim.org().url}/services/oauth2/authorize\\?`))
  })

  it('asks the host, which may refuse: then nothing is stored and the grant is revoked', async () => {
    await using story = await tellConnect({
      onConnect({ connection, reconnected }) {
        expect([connection.owner, reconnected]).toEqual(['tenant-1', false])
        throw new Error('The plan has no more connections')
      },
    })
    const agent = story.browser('tenant-1')
    expect(await outcome(await connect(story, agent))).toBe('403 callback/connection-refused')
    expect(await list(agent)).toEqual([])
    await expect.poll(() => story.sim.approvals('ada@acme.example')).toEqual([])
  })

  it("asks the host without keeping the owner's other connections waiting, which it may change", async () => {
    const [asked, answered] = [createGate(), createGate()]
    const events: boolean[] = []
    await using story = await tellConnect({
      connect: { store: memoryStore({ lockTimeout: 1_000 }) },
      async onConnect({ connection, reconnected }) {
        events.push(reconnected)
        if (reconnected) return story.salesforce.connections.rename(connection.id, 'By the host')
        if (events.length > 1) return
        asked.open()
        await answered.opened
      },
    })
    const [agent, colleague] = [story.browser('tenant-1'), story.browser('tenant-1')]
    const first = connect(story, agent)
    await asked.opened
    expect((await connect(story, colleague)).status).toBe(303)
    answered.open()
    expect((await first).status).toBe(303)
    // The colleague was faster with the same user: the host is asked again, about what it has become.
    expect(events).toEqual([false, false, true])
    expect(await list(agent)).toMatchObject([{ alias: 'By the host', status: 'connected' }])
    await expect.poll(() => story.sim.approvals('ada@acme.example')).toHaveLength(1)
  })

  it('takes a client of its own, which logins do not push out', async () => {
    await using story = await tellConnect()
    const { clientId, clientSecret } = story.sim.app()
    expect((await connect(story, story.browser('tenant-1'))).status).toBe(303)
    await using own = await tellConnect({
      connect: { clientId, clientSecret },
      clientId: 'sign-in',
      clientSecret: 'other',
    })
    expect((await connect(own, own.browser('tenant-1'))).status).toBe(303)
    const [connection] = await list(own.browser('tenant-1'))
    expect(connection?.clientId).toBe(clientId)
  })
})

describe('the owner', () => {
  it('is asked again at the callback: somebody else gets nothing', async () => {
    await using story = await tellConnect()
    const agent = story.browser('tenant-1')
    const start = await agent.post('/auth/connect', { form: {} })
    const callback = await story.sim.signIn(await leadsTo(start), { username: 'ada@acme.example' })
    agent.cookies.set('user=tenant-2; Path=/')
    expect(await outcome(await agent.get(callback.href))).toBe('403 callback/owner-changed')
    expect(story.tokenRequests('authorization_code')).toBe(0)
    agent.cookies.set('user=tenant-1; Path=/')
    expect((await agent.get(callback.href)).status).toBe(303)
    expect(await list(agent)).toHaveLength(1)
  })

  it('whose cookie is SameSite=Strict is found by one page of the app that goes on by itself', async () => {
    await using story = await tellConnect()
    const agent = story.browser('tenant-1')
    const start = await agent.post('/auth/connect', { form: { returnTo: '/done' } })
    const callback = await story.sim.signIn(await leadsTo(start), { username: 'ada@acme.example' })
    agent.cookies.delete('user')
    const page = await agent.get(callback.href)
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const address = /http-equiv="refresh" content="0;url=([^"]+)"/
      .exec(await page.text())?.[1]
      ?.replaceAll('&amp;', '&')
    agent.cookies.set('user=tenant-1; Path=/')
    const back = await agent.get(new URL(String(address), callback).href)
    expect([back.status, back.headers.get('location')]).toEqual([303, '/done'])
    expect(await list(agent)).toHaveLength(1)
  })

  it('who does not come back either gets an error, not a page that goes round in circles', async () => {
    await using story = await tellConnect()
    const agent = story.browser('tenant-1')
    const start = await agent.post('/auth/connect', { form: {} })
    const callback = await story.sim.signIn(await leadsTo(start), { username: 'ada@acme.example' })
    agent.cookies.delete('user')
    callback.searchParams.set('continued', '1')
    expect(await outcome(await agent.get(callback.href))).toBe('401 callback/owner-missing')
  })

  it('sees the connections of nobody else, by list, id, alias or default, and ends none', async () => {
    await using story = await tellConnect()
    const [one, two] = [story.browser('tenant-1'), story.browser('tenant-2')]
    await connect(story, one, { alias: 'Sales' })
    const [connection] = await list(one)
    const id = connection?.id ?? ''
    expect(await list(two)).toEqual([])
    expect(await outcome(await two.get(`/call?id=${id}`))).toBe('404')
    expect(await outcome(await two.get('/call?id=Sales'))).toBe('404')
    expect(await (await two.get('/default')).text()).toBe('none')
    expect(await outcome(await two.post('/auth/disconnect', { form: { connection: id } }))).toBe(
      '404 connection/not-found',
    )
    expect(await outcome(await two.get(`/make-default?id=${id}`))).toBe('404 connection/not-found')
    expect(await outcome(await two.get(`/rename?id=${id}&alias=Mine`))).toBe('404 connection/not-found')
    expect(await outcome(await connect(story, two, { reconnect: id }))).toBe('404 connection/not-found')
    expect(await list(one)).toHaveLength(1)
  })

  it.each([42, '', '  ', 'x'.repeat(600), {}])('that is %j is a mistake of the app', async (owner) => {
    await using story = await tellConnect()
    const exchange = {
      method: 'POST',
      target: '/auth/connect',
      header: (name: string) => (name === 'origin' ? story.url : undefined),
      form: async () => new URLSearchParams(),
      setCookie: () => undefined,
      committed: false,
    }
    const { handle } = story.salesforce.open(exchange, { owner: () => owner as string })
    await expect(handle()).rejects.toMatchObject({ code: 'config/invalid' })
    await expect(story.salesforce.open(exchange).handle()).rejects.toMatchObject({ code: 'config/invalid' })
  })
})

describe('several connections of one owner', () => {
  it('are told apart by org, user and alias, and one is the default', async () => {
    await using story = await tellConnect()
    const agent = story.browser('tenant-1')
    await connect(story, agent, { alias: 'Ada' })
    await connect(story, agent, { alias: 'Grace', username: 'grace@acme.example' })
    const [ada, grace] = await list(agent)
    expect([ada?.alias, grace?.alias]).toEqual(['Ada', 'Grace'])
    expect(await (await agent.get('/default')).text()).toBe(ada?.id)
    expect((await agent.get(`/make-default?id=${grace?.id}`)).status).toBe(204)
    expect(await (await agent.get('/default')).text()).toBe(grace?.id)
    expect(await outcome(await agent.get(`/rename?id=${grace?.id}&alias=Ada`))).toBe('409 connection/alias-taken')
    expect(await outcome(await agent.get(`/rename?id=${grace?.id}&alias=%0A`))).toBe('400 connection/alias-invalid')
    expect((await agent.get(`/rename?id=${grace?.id}&alias=Hopper`)).status).toBe(204)
    expect((await list(agent)).map(({ alias }) => alias)).toEqual(['Ada', 'Hopper'])
  })

  it('are not doubled by two callbacks at once', async () => {
    await using story = await tellConnect()
    const agent = story.browser('tenant-1')
    await Promise.all([connect(story, agent), connect(story, agent), connect(story, agent)])
    expect(await list(agent)).toHaveLength(1)
    await expect.poll(() => story.sim.approvals('ada@acme.example')).toHaveLength(1)
  })
})

describe('reconnecting', () => {
  it('keeps the id, alias and default, takes the new grant and revokes the one before', async () => {
    const events: boolean[] = []
    await using story = await tellConnect({ onConnect: ({ reconnected }) => void events.push(reconnected) })
    const agent = story.browser('tenant-1')
    await connect(story, agent, { alias: 'Sales' })
    const [before] = await list(agent)
    await connect(story, agent, { reconnect: before?.id ?? '' })
    await connect(story, agent)
    const after = await list(agent)
    expect(after).toMatchObject([{ id: before?.id, alias: 'Sales', createdAt: before?.createdAt }])
    expect(events).toEqual([false, true, true])
    await expect.poll(() => story.sim.approvals('ada@acme.example')).toHaveLength(1)
    story.sim.expireAccessTokens()
    expect(await outcome(await agent.get('/call?id=Sales'))).toBe('200')
  })

  it('under an alias that another connection has is refused, before Salesforce is asked and at the end', async () => {
    await using story = await tellConnect()
    const agent = story.browser('tenant-1')
    await connect(story, agent, { alias: 'Ada' })
    await connect(story, agent, { alias: 'Grace', username: 'grace@acme.example' })
    const [, grace] = await list(agent)
    const form = { reconnect: grace?.id ?? '', username: 'grace@acme.example' }
    expect(await outcome(await connect(story, agent, { ...form, alias: 'Ada' }))).toBe('409 connection/alias-taken')
    expect((await connect(story, agent, { ...form, alias: 'Grace' })).status).toBe(303)

    const start = await agent.post('/auth/connect', { form: { reconnect: form.reconnect, alias: 'Third' } })
    const callback = await story.sim.signIn(await leadsTo(start), { username: form.username })
    await agent.get(`/rename?id=${(await list(agent))[0]?.id}&alias=Third`)
    expect(await outcome(await agent.get(callback.href))).toBe('409 connection/alias-taken')
    expect((await list(agent)).map(({ alias }) => alias)).toEqual(['Third', 'Grace'])
  })

  it('may be done by another user of the same org', async () => {
    await using story = await tellConnect()
    const agent = story.browser('tenant-1')
    await connect(story, agent)
    const [before] = await list(agent)
    await connect(story, agent, { reconnect: before?.id ?? '', username: 'grace@acme.example' })
    const after = await list(agent)
    expect(after.map(({ id }) => id)).toEqual([before?.id])
    expect(after[0]?.userId).not.toBe(before?.userId)
  })

  it('with another org is refused before anything is stored, and the grant is revoked', async () => {
    await using story = await tellConnect({}, TWO_ORGS)
    const { sim } = story
    const app = sim.app('SaaS')
    await using saas = await tellConnect({
      clientId: app.clientId,
      clientSecret: app.clientSecret,
      loginUrl: sim.loginUrl,
      allowedOrgs: 'any',
      connect: { store: story.store },
    })
    const agent = saas.browser('tenant-1')
    const start = async (form: Record<string, string>, username: string): Promise<Response> => {
      const response = await agent.post('/auth/connect', { form })
      const callback = await sim.signIn(await leadsTo(response), { username })
      return agent.get(callback.href)
    }
    expect((await start({ alias: 'Main' }, 'ada@acme.example')).status).toBe(303)
    const [connection] = await list(agent)
    const id = connection?.id ?? ''
    expect(await outcome(await start({ reconnect: id }, 'hank@globex.example'))).toBe('409 callback/other-org')
    expect(await outcome(await start({ alias: 'Main' }, 'hank@globex.example'))).toBe('409 connection/alias-taken')
    expect(await list(agent)).toEqual([connection])
    await expect.poll(() => sim.approvals('hank@globex.example')).toEqual([])
    expect((await start({}, 'hank@globex.example')).status).toBe(303)
    expect((await list(agent)).map(({ orgId }) => orgId)).toEqual([sim.org('Acme').id, sim.org('Globex').id])
  })
})

it.each([
  ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="alias"\r\n\r\nSales\r\n--x--'],
  ['application/json', '{"alias":"Sales"}'],
  ['text/plain', 'alias=Sales'],
])('a body of %s is refused in place of being taken for an empty form', async (type, body) => {
  await using story = await tellConnect()
  const headers = { cookie: 'user=tenant-1', origin: story.url, 'content-type': type }
  const answer = await fetch(`${story.url}/auth/connect`, { method: 'POST', headers, body })
  const error = (await answer.json()) as { error: string; message: string }
  expect([answer.status, error.error]).toEqual([400, 'request/body-unreadable'])
  expect(error.message).toContain(type.split(';')[0])
})

it('a user has one connection of an owner, whatever it is called and whichever is reconnected', async () => {
  await using story = await tellConnect()
  const agent = story.browser('tenant-1')
  await connect(story, agent, { alias: 'Ada' })
  await connect(story, agent, { alias: 'Grace', username: 'grace@acme.example' })
  const before = await list(agent)
  const asGrace = { username: 'grace@acme.example' }
  expect(await outcome(await connect(story, agent, { alias: 'Ada', ...asGrace }))).toBe('409 connection/user-taken')
  const reconnect = before.find(({ alias }) => alias === 'Ada')?.id ?? ''
  expect(await outcome(await connect(story, agent, { reconnect, ...asGrace }))).toBe('409 connection/user-taken')
  expect(await list(agent)).toEqual(before)
  // A user who is not connected yet may take another's place.
  expect((await connect(story, agent, { reconnect, username: 'alan@acme.example' })).status).toBe(303)
  expect((await list(agent)).map(({ alias }) => alias)).toEqual(['Ada', 'Grace'])
})

describe('the login host', () => {
  it.each([
    ['production', 'https://login.salesforce.com'],
    ['sandbox', 'https://test.salesforce.com'],
    ['login.salesforce.com', 'https://login.salesforce.com'],
    [' Acme.my.salesforce.com ', 'https://acme.my.salesforce.com'],
    ['https://acme--uat.sandbox.my.salesforce.com/', 'https://acme--uat.sandbox.my.salesforce.com'],
    ['login.acme.example', 'https://login.acme.example'],
    [' HTTPS://Login.Acme.example/Customers ', 'https://login.acme.example'],
    ['', 'https://default.my.salesforce.com'],
  ])('%j leads to %s', async (loginHost, origin) => {
    await using story = await tellConnect({
      baseUrl: 'https://app.example',
      loginUrl: 'https://default.my.salesforce.com',
      trustedHosts: ['login.acme.example'],
    })
    const { salesforce } = story
    const { auth } = salesforce.open(exchangeOf('https://app.example'), { owner: () => 'tenant-1' })
    const { location = '' } = await auth.connections.connect({ loginHost })
    expect(new URL(location).origin).toBe(origin)
  })

  it.each([
    'http://acme.my.salesforce.com',
    'acme.my.salesforce.com:8443',
    'acme.my.salesforce.com/path',
    'user@acme.my.salesforce.com',
    'acme.my.salesforce.com.evil.example',
    'evil.example#acme.my.salesforce.com',
    'xn--cme-5cd.my.salesforce.com',
    'аcme.my.salesforce.com',
    'my.site.com',
    'acme.my.site.com',
    'localhost:8100',
    'http://127.0.0.1:8100',
    'http://[::1]:8100',
    'constructor',
    '__proto__',
    'javascript:alert(1)',
    'acme.lightning.force.com',
  ])('%j is refused', async (loginHost) => {
    await using story = await tellConnect({
      baseUrl: 'https://app.example',
      loginUrl: 'https://default.my.salesforce.com',
    })
    const { auth } = story.salesforce.open(exchangeOf('https://app.example'), { owner: () => 'tenant-1' })
    await expect(auth.connections.connect({ loginHost })).rejects.toMatchObject({ code: 'connection/login-host' })
  })
})

function exchangeOf(origin: string): Parameters<Awaited<ReturnType<typeof tellConnect>>['salesforce']['open']>[0] {
  return {
    method: 'POST',
    target: '/connect',
    header: (name) => (name === 'origin' ? origin : undefined),
    form: async () => new URLSearchParams(),
    setCookie: () => undefined,
    committed: false,
  }
}
