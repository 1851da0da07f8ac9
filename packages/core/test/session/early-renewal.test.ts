import { expect, it } from 'vitest'
import type { Fetch } from '../../src/index.ts'
import { clock, tell } from './harness.ts'

const MINUTE = 60_000

it.each([
  ['an outage', 503],
  ['a page that is none of Salesforce', 404],
])('a token that lives is used on when its early renewal meets %s', async (_, status) => {
  let isBroken = false
  const proxied: Fetch = async (input, init) =>
    isBroken ? new Response('<html>Nothing here</html>', { status }) : fetch(input, init)
  const { now, advance } = clock()
  await using story = await tell({ now, fetch: proxied, tokenExpiry: { sessionTimeout: 15 * MINUTE } })
  const browser = await story.login()
  const token = async (): Promise<string> => (await browser.get('/token')).text()
  const first = await token()
  advance(14 * MINUTE)
  isBroken = true
  expect(await token()).toBe(first)
  isBroken = false
  expect(await token()).not.toBe(first)
})
