import { exportJWK, generateKeyPair } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openKeySource } from '../../src/index.ts'
import type { KeySource } from '../../src/index.ts'
import { listenBriefly } from '../wire/breakdowns.ts'
import { failureOf } from '../wire/refusals.ts'

/** Looks up a key as for a token of this `kid`. */
const find = async (keys: ReturnType<KeySource>, kid: string): Promise<unknown> =>
  keys({ alg: 'RS256', kid }, { payload: '', signature: '' })

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

async function keyServer() {
  const { publicKey } = await generateKeyPair('RS256')
  const body = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'known', alg: 'RS256', use: 'sig' }] })
  const state = { isUp: true, asked: 0 }
  const server = await listenBriefly((_req, res) => {
    state.asked += 1
    res.writeHead(state.isUp ? 200 : 503).end(state.isUp ? body : '')
  })
  return Object.assign(state, server)
}

describe('while keys cannot be fetched', () => {
  it('tokens of unknown keys make one request in some seconds, however many they are', async () => {
    await using server = await keyServer()
    server.isUp = false
    const keys = openKeySource()(`${server.url}/id/keys`)
    for (let i = 0; i < 50; i++) {
      expect(await failureOf(find(keys, `junk-${i}`))).toMatchObject({ code: 'net/server-error', retryable: true })
    }
    expect(server.asked).toBe(1)
    vi.setSystemTime(Date.now() + 6_000)
    await failureOf(find(keys, 'junk'))
    expect(server.asked).toBe(2)
  })

  it('tokens of keys that are known already are verified as before', async () => {
    await using server = await keyServer()
    const keys = openKeySource()(`${server.url}/id/keys`)
    await find(keys, 'known')
    vi.setSystemTime(Date.now() + 31_000)
    server.isUp = false
    await failureOf(find(keys, 'junk'))
    expect(await find(keys, 'known')).toBeDefined()
    expect(server.asked).toBe(2)
  })

  it('of one address, those of another are fetched', async () => {
    await using dead = await keyServer()
    dead.isUp = false
    await using server = await keyServer()
    const source = openKeySource()
    await failureOf(find(source(`${dead.url}/id/keys`), 'known'))
    expect(await find(source(`${server.url}/id/keys`), 'known')).toBeDefined()
  })

  it('they are fetched seconds after they can be again', async () => {
    await using server = await keyServer()
    server.isUp = false
    const keys = openKeySource()(`${server.url}/id/keys`)
    await failureOf(find(keys, 'known'))
    server.isUp = true
    vi.setSystemTime(Date.now() + 6_000)
    expect(await find(keys, 'known')).toBeDefined()
  })
})
