import { createGate } from '@orgpass/testing'
import { expect, it } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import type { KeyValueStore } from '../../src/index.ts'
import { createSalesforceAuth } from '../../src/node.ts'
import { connect, LIMITS, list, SECRET, tellConnect } from './harness.ts'
import type { ConnectStory } from './harness.ts'

/** A store whose locks go to somebody else as soon as they are taken, as when a process is frozen for too long. */
function losesLocks(store: KeyValueStore): KeyValueStore {
  return { ...store, withLock: async (key, work) => work(await store.withLock(key, async (lease) => lease)) }
}

interface Frozen {
  readonly salesforce: ReturnType<typeof createSalesforceAuth>
  /** Resolves when Salesforce has answered; the process does not go on before `thaw`. */
  readonly answered: Promise<void>
  readonly thaw: () => void
}

/** A second process of the app, which is frozen when Salesforce answers at a path. */
function frozenAt(path: string, { sim, url, store }: ConnectStory): Frozen {
  const [answered, thawed] = [createGate(), createGate()]
  const { clientId, clientSecret } = sim.app()
  const salesforce = createSalesforceAuth(
    {
      clientId,
      clientSecret,
      loginUrl: sim.org().url,
      baseUrl: url,
      session: { secret: SECRET },
      connect: { store: losesLocks(store) },
      logger: () => undefined,
      async fetch(input, init) {
        const answer = await fetch(input, init)
        if (new Request(input).url.endsWith(path)) {
          answered.open()
          await thawed.opened
        }
        return answer
      },
    },
    {},
  )
  return { salesforce, answered: answered.opened, thaw: () => thawed.open() }
}

it('a disconnect that lost its lock forgets nothing that was connected meanwhile', async () => {
  await using story = await tellConnect({ connect: { store: memoryStore() } })
  const agent = story.browser('tenant-1')
  await connect(story, agent, { alias: 'Sales' })
  const [connection] = await list(agent)
  const id = connection?.id ?? ''
  const { salesforce, answered, thaw } = frozenAt('/revoke', story)
  const leaving = salesforce.connections.disconnect(id)
  await answered
  expect((await connect(story, agent, { reconnect: id })).status).toBe(303)
  thaw()
  await expect(leaving).rejects.toMatchObject({ code: 'connection/store-failed', retryable: true })
  expect(await list(agent)).toMatchObject([{ id, alias: 'Sales', status: 'connected' }])
  expect((await (await story.salesforce.connections.get(id))?.fetch(LIMITS))?.status).toBe(200)
})

it('what a renewal brings of a grant that was replaced meanwhile is revoked', async () => {
  await using story = await tellConnect({ connect: { store: memoryStore() } })
  const { sim } = story
  sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
  const agent = story.browser('tenant-1')
  await connect(story, agent)
  const [connection] = await list(agent)
  const id = connection?.id ?? ''
  const { salesforce, answered, thaw } = frozenAt('/token', story)
  sim.expireAccessTokens()
  const call = (await salesforce.connections.get(id))?.fetch(LIMITS)
  await answered
  expect((await connect(story, agent, { reconnect: id })).status).toBe(303)
  expect(sim.approvals('ada@acme.example')).toHaveLength(2)
  thaw()
  expect((await call)?.status).toBe(200)
  expect(sim.approvals('ada@acme.example')).toHaveLength(1)
  expect((await (await story.salesforce.connections.get(id))?.fetch(LIMITS))?.status).toBe(200)
})
