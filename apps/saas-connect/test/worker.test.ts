import { oauthUsage } from '@orgpass/core'
import type { StoredConnection } from '@orgpass/core'
import { afterAll, expect, it } from 'vitest'
import { findCount } from '../src/counts.ts'
import { countAll } from '../src/worker.ts'
import { openStage, stopServices } from './stage.ts'
import type { Stage } from './stage.ts'

afterAll(stopServices)

const GLOBEX = { org: 'Globex', username: 'hank@globex.example', alias: 'Globex' }

async function onlyConnection({ salesforce }: Stage): Promise<StoredConnection> {
  const [connection] = await salesforce.connections.list('northwind')
  if (connection === undefined) throw new Error('Nothing is connected.')
  return connection
}

it('goes on when access tokens end, again and again, with rotation on', { timeout: 60_000 }, async () => {
  await using stage = await openStage()
  const nora = await stage.person('nora')
  await stage.connect(nora, GLOBEX)
  const before = await onlyConnection(stage)
  for (let night = 1; night <= 3; night++) {
    stage.sim.expireAccessTokens()
    await countAll(stage.rounds)
    expect(stage.renewals()).toBe(night)
    expect(await findCount(stage.rounds.store, before.id)).toMatchObject({ accounts: 1 })
  }
  expect((await before.describe()).renewedAt).toBeGreaterThan(before.info.renewedAt)
  expect((await (await nora.get('/connections')).text()).replaceAll(/\s+/g, ' ')).toContain('<dd>1, at ')
})

it('spends one refresh token for two workers and the web at once', async () => {
  await using stage = await openStage()
  const nora = await stage.person('nora')
  await stage.connect(nora, GLOBEX)
  const { id } = await onlyConnection(stage)
  const [first, second] = [stage.elsewhere(), stage.elsewhere()]
  for (let night = 1; night <= 3; night++) {
    stage.sim.expireAccessTokens()
    const [, , answer] = await Promise.all([countAll(first), countAll(second), nora.post(`/connections/${id}/count`)])
    expect([answer.status, stage.renewals()]).toEqual([303, night])
  }
})

it('shows why an org has to be reconnected, and goes on under the same id afterwards', async () => {
  await using stage = await openStage()
  const nora = await stage.person('nora')
  await stage.connect(nora, GLOBEX)
  const connection = await onlyConnection(stage)
  const { id } = connection
  // As an administrator does under Setup › Connected Apps OAuth Usage.
  const usage = oauthUsage((url, init) => connection.fetch(url, init))
  await usage.revokeAll(connection.info.clientId, GLOBEX.username)
  await countAll(stage.rounds)
  const page = await (await nora.get('/connections')).text()
  expect(page).toContain('Has to be reconnected')
  expect(page).toContain('<code>token/grant-ended</code>')
  const before = stage.sim.requests.length
  await countAll(stage.rounds)
  expect((await nora.post(`/connections/${id}/count`)).status).toBe(303)
  expect(stage.sim.requests).toHaveLength(before)

  expect((await stage.connect(nora, { ...GLOBEX, reconnect: id })).status).toBe(303)
  await countAll(stage.rounds)
  const after = await (await nora.get('/connections')).text()
  expect(after).not.toContain('Has to be reconnected')
  expect(after).toContain('<h2>Globex (default)</h2>')
  expect((await onlyConnection(stage)).id).toBe(id)
})

it('says what an org answered, keeps the last number, and takes it back when it works again', async () => {
  await using stage = await openStage()
  const nora = await stage.person('nora')
  await stage.connect(nora, GLOBEX)
  const { id } = await onlyConnection(stage)
  await countAll(stage.rounds)
  const counted = await findCount(stage.rounds.store, id)
  stage.sim.faults.next('data', { status: 503 }, 1)
  await countAll(stage.rounds)
  expect(await findCount(stage.rounds.store, id)).toEqual({ ...counted, problem: 'The org answered 503.' })
  expect(await (await nora.get('/connections')).text()).toContain('the last count failed. The org answered 503.')
  await countAll(stage.rounds)
  expect(await findCount(stage.rounds.store, id)).not.toHaveProperty('problem')
})
