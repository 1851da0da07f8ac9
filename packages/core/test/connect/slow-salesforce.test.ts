import { expect, it } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import type { SalesforceAuth } from '../../src/index.ts'
import { createSalesforceAuth } from '../../src/node.ts'
import { connect, LIMITS, list, SECRET, tellConnect } from './harness.ts'
import type { ConnectStory } from './harness.ts'

/** Another process of the same app. */
function elsewhere({ sim, url, store }: ConnectStory): SalesforceAuth {
  const { clientId, clientSecret } = sim.app()
  const app = { clientId, clientSecret, loginUrl: sim.org().url, baseUrl: url, timeout: 1_000 }
  return createSalesforceAuth({ ...app, connect: { store }, session: { secret: SECRET }, logger: () => undefined }, {})
}

async function call({ connections }: SalesforceAuth, id: string): Promise<string> {
  try {
    return String((await (await connections.get(id))?.fetch(LIMITS))?.status)
  } catch (error) {
    return (error as { code: string }).code
  }
}

it('an outage that one process met does not hold up another one, which would wait for a living one', async () => {
  await using story = await tellConnect({ timeout: 1_000 })
  const agent = story.browser('tenant-1')
  await connect(story, agent)
  const id = (await list(agent))[0]?.id ?? ''
  story.sim.expireAccessTokens()
  story.sim.faults.next('token:refresh_token', { status: 503, body: 'html' })
  expect(await call(story.salesforce, id)).toBe('net/server-error')
  const from = performance.now()
  expect(await call(elsewhere(story), id)).toBe('200')
  // A sibling that lives would be given four seconds.
  expect(performance.now() - from).toBeLessThan(3_000)
})

it('callers of other processes wait for a slow answer longer than for a lock', { timeout: 30_000 }, async () => {
  await using story = await tellConnect({ timeout: 1_000, connect: { store: memoryStore({ lockTimeout: 1_000 }) } })
  const agent = story.browser('tenant-1')
  await connect(story, agent)
  const id = (await list(agent))[0]?.id ?? ''
  story.sim.expireAccessTokens()
  story.sim.faults.next('token:refresh_token', { latency: 2_000 })
  expect(await Promise.all([call(story.salesforce, id), call(elsewhere(story), id)])).toEqual(['200', '200'])
  expect(story.sim.requests.filter(({ grantType }) => grantType === 'refresh_token')).toHaveLength(1)
})
