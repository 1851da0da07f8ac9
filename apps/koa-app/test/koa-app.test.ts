import { eventually } from '@orgpass/testing'
import { signIn } from '@orgpass/testing/adapter'
import { expect, it } from 'vitest'
import { eventsOf, openCheck } from './events.ts'
import type { ServerEvent } from './events.ts'
import { openStage } from './stage.ts'

it('tells a stranger what it does, connects, and greets by name', async () => {
  await using stage = await openStage()
  const agent = stage.visitor()
  const landing = await (await agent.get('/')).text()
  expect(landing).toContain('If one person leaves')
  expect(landing).toContain('This is a demo org')
  await signIn(stage.sim, agent)
  expect(await (await agent.get('/')).text()).toContain('Connected as <strong>Ada Lovell</strong>')
  await agent.post('/auth/logout')
  expect(await (await agent.get('/')).text()).toContain('If one person leaves')
})

it('checks every customer, and tells of each as soon as it knows', async () => {
  await using stage = await openStage({ pace: 20 })
  const events: ServerEvent[] = []
  const ahead: number[] = []
  for await (const event of eventsOf(await openCheck(await stage.user()))) {
    ahead.push(stage.asked() - events.length)
    events.push(event)
  }
  // When one customer is told, those behind have not been asked about: nothing is collected first.
  expect(Math.max(...ahead)).toBeLessThanOrEqual(2)
  expect(events.at(0)).toMatchObject({ event: 'begin', data: { total: 20 } })
  expect(events.at(-1)).toMatchObject({ event: 'done' })
  const customers = events.filter(({ event }) => event === 'customer').map(({ data }) => data)
  expect(customers).toHaveLength(20)
  expect(customers[0]).toMatchObject({ name: 'Aurora Textiles', people: [{ name: expect.any(String) }] })
  const names = customers.map(({ name }) => name)
  expect(names).toEqual(names.map(String).toSorted((a, b) => a.localeCompare(b)))
})

it('survives the end of its token in the middle: the browser comes back, and goes on where it was', async () => {
  await using stage = await openStage({ pace: 10 })
  stage.sim.updateApp(stage.sim.app().clientId, { refreshTokenRotation: true })
  const agent = await stage.user()
  const seen: ServerEvent[] = []
  for await (const event of eventsOf(await openCheck(agent))) {
    seen.push(event)
    if (seen.length === 6) stage.sim.expireAccessTokens()
  }
  expect(seen.at(-1)?.event).toBe('customer')
  expect(seen.length).toBeLessThan(15)
  const again = await openCheck(agent, seen.at(-1)?.id)
  expect(again.headers.getSetCookie().join()).toContain('salesforce.sid=')
  for await (const event of eventsOf(again)) seen.push(event)
  expect(seen.at(-1)?.event).toBe('done')
  const names = seen.filter(({ event }) => event === 'customer').map(({ data }) => data['name'])
  expect([names.length, new Set(names).size]).toEqual([20, 20])
  expect(stage.sim.requests.filter(({ grantType }) => grantType === 'refresh_token')).toHaveLength(1)
})

it('stops asking Salesforce when nobody listens any more', async () => {
  await using stage = await openStage({ pace: 30 })
  const response = await openCheck(await stage.user())
  const events = eventsOf(response)
  for (let i = 0; i < 3; i++) await events.next()
  await events.return(undefined)
  const asked = stage.asked()
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(stage.asked()).toBeLessThanOrEqual(asked + 1)
})

it('says why it stopped when Salesforce ends the access or does not answer', async () => {
  await using stage = await openStage({ pace: 10 })
  const broken: ServerEvent[] = []
  for await (const event of eventsOf(await openCheck(await stage.user()))) {
    broken.push(event)
    if (broken.length === 3) stage.sim.faults.next('data', { status: 503, body: 'html' }, 5)
  }
  expect(broken.at(-1)).toMatchObject({ event: 'stopped', data: { message: expect.any(String) } })
})

it('lets nobody start a check who is not logged in, and answers so that the browser does not try for ever', async () => {
  await using stage = await openStage()
  const refused = await openCheck(stage.visitor())
  expect([refused.status, await refused.json()]).toMatchObject([
    401,
    { error: 'session/missing', login: '/auth/login' },
  ])
})

it('shows a person who denied the access a page, with the way back', async () => {
  await using stage = await openStage()
  const agent = stage.visitor()
  const away = await agent.get('/auth/login')
  const denied = await stage.sim.signIn(away.headers.get('location') ?? '', { deny: true })
  const page = await agent.get(denied.href)
  expect([page.status, page.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8'])
  expect(await page.text()).toMatch(/That did not work[^]*callback\/denied[^]*href="\/"/)
})

it('shows an ended access on the page, and begins anew', async () => {
  await using stage = await openStage()
  const agent = await stage.user()
  stage.sim.updateUser('ada@acme.example', { active: false })
  const page = await agent.get('/')
  expect([page.status, await page.text()]).toEqual([401, expect.stringContaining('token/grant-ended')])
  await eventually(async () => (await (await agent.get('/')).text()).includes('Connect to Salesforce'))
})
