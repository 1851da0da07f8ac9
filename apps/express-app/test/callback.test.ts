import { createAgent, listen } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { buildApp } from '../src/app.ts'
import { tell, textOf } from './story.ts'
import type { Story } from './story.ts'

let story: Story

beforeAll(async () => {
  story = await tell()
})
beforeEach(() => story.sim.reset())
afterAll(async () => story.close())

async function startLogin(visitor: Agent): Promise<string> {
  return (await visitor.get('/auth/login')).headers.get('location') ?? ''
}

it('tells a person who denied that nothing happened, and how to go on', async () => {
  const visitor = story.visitor()
  const callback = await story.sim.signIn(await startLogin(visitor), { deny: true })
  const response = await visitor.get(callback.href)
  const page = await response.text()
  expect(response.status).toBe(403)
  expect(textOf(page)).toContain('You are not connected')
  expect(textOf(page)).toContain('You chose not to give this app access')
  expect(page).toContain('href="/auth/login?returnTo=%2F">Connect to Salesforce')
  expect(page).toContain('href="/auth/login?prompt=login"')
})

it('escapes what an error says of itself', async () => {
  const visitor = story.visitor()
  const state = new URL(await startLogin(visitor)).searchParams.get('state') ?? ''
  const query = new URLSearchParams({ state, error: 'server_error', error_description: '<script>alert(1)</script>' })
  const page = await (await visitor.get(`/auth/callback?${query.toString()}`)).text()
  expect(textOf(page)).toContain('The login did not finish')
  expect(page).not.toContain('<script>alert')
})

it('repeats nothing of an error that belongs to no login', async () => {
  const query = new URLSearchParams({ state: 'made-up', error: 'x', error_description: 'call +1 555 0199 now' })
  const response = await story.visitor().get(`/auth/callback?${query.toString()}`)
  const page = await response.text()
  expect(response.status).toBe(400)
  expect(page).not.toContain('555 0199')
  expect(page).not.toContain('made-up')
  expect(textOf(page)).toContain('callback/transaction-missing')
})

it('explains a callback that was opened by hand', async () => {
  const response = await story.visitor().get('/auth/callback')
  expect(response.status).toBe(400)
  expect(textOf(await response.text())).toContain('opened without an answer from Salesforce')
})

it('goes to the accounts when a callback is reloaded after a login that worked', async () => {
  const visitor = story.visitor()
  const callback = await story.sim.signIn(await startLogin(visitor))
  await visitor.get(callback.href)
  const again = await visitor.get(callback.href)
  expect(again.status).toBe(303)
  expect(again.headers.get('location')).toMatch(/\/$/)
})

it('shows the developer on localhost what is wrong with the app, the secret being wrong', async () => {
  const wrong = await tell({ clientSecret: 'B0EB53F16947CCF25EC84D8DBC74254770F58904DBA41ECCCC3FC1626E53A131' })
  const visitor = wrong.visitor()
  const callback = await wrong.sim.signIn(await startLogin(visitor))
  const response = await visitor.get(callback.href)
  const page = textOf(await response.text())
  await wrong.close()
  expect(response.status).toBe(502)
  expect(page).toContain('Copy the Consumer Secret again')
  expect(page).not.toContain(callback.searchParams.get('code'))
})

it('tells a stranger nothing about the inside', async () => {
  const origin = 'https://app.example.com'
  const server = await listen((req, res) => app(req, res))
  const auth = {
    clientId: '3MVG9',
    clientSecret: 'secret',
    loginUrl: 'https://acme.my.salesforce.com',
    baseUrl: origin,
    session: { secret: 'a session secret of the tests, long enough: 0123456789' },
    // The real host must not be called from a test.
    fetch: () => Promise.reject(new TypeError('unplugged')),
  }
  const app = buildApp({
    env: {},
    auth,
  })
  const visitor = createAgent(origin, { via: { [origin]: server.url } })
  const state = new URL(await startLogin(visitor)).searchParams.get('state') ?? ''
  const response = await visitor.get(`/auth/callback?${new URLSearchParams({ state, code: 'aPrx' }).toString()}`)
  const page = await response.text()
  await server.close()
  expect(response.status).toBe(502)
  expect(textOf(page)).toContain('The app could not do this. Its log says why.')
  expect(page).not.toContain('acme')
})

it('lets somebody else log in', async () => {
  const user = await story.user('ada')
  const start = await user.get('/auth/login?prompt=login')
  expect(new URL(start.headers.get('location') ?? '').searchParams.get('prompt')).toBe('login')
  const callback = await story.sim.signIn(start.headers.get('location') ?? '', { username: 'grace@acme.example' })
  await user.get(callback.href)
  expect(textOf(await (await user.get('/')).text())).toContain('Grace Hofmann')
  await expect.poll(() => story.sim.approvals('ada@acme.example')).toHaveLength(0)
})
