import type { Agent } from '@orgpass/testing'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
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
  expect(textOf(page)).toContain('Offer to connect again')
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

it('lets somebody else log in', async () => {
  const user = await story.user('ada')
  const start = await user.get('/auth/login?prompt=login')
  expect(new URL(start.headers.get('location') ?? '').searchParams.get('prompt')).toBe('login')
  const callback = await story.sim.signIn(start.headers.get('location') ?? '', { username: 'grace@acme.example' })
  await user.get(callback.href)
  expect(textOf(await (await user.get('/')).text())).toContain('Grace Hofmann')
  await expect.poll(() => story.sim.approvals('ada@acme.example')).toHaveLength(0)
})
