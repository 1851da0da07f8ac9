import { describeStore } from '@orgpass/store-contract'
import { startRedis } from '@orgpass/testing/services'
import type { Service } from '@orgpass/testing/services'
import { createClient } from 'redis'
import { describe } from 'vitest'
import { redisStore } from '../src/index.ts'

async function underTest(server: Service): Promise<Awaited<ReturnType<Parameters<typeof describeStore>[1]>>> {
  return {
    async open(options) {
      const client = createClient({ url: server.url, disableOfflineQueue: true })
      client.on('error', () => undefined)
      await client.connect()
      return { store: redisStore(client, options), close: async () => client.destroy() }
    },
    server,
    close: () => server.stop(),
  }
}

const redis = await startRedis('redis')
const valkey = await startRedis('valkey')

describe.skipIf(redis === undefined)('Redis', () => {
  describeStore(`on ${redis?.version}`, () => underTest(redis as Service))
})

describe.skipIf(valkey === undefined)('Valkey', () => {
  describeStore(`on ${valkey?.version}`, () => underTest(valkey as Service))
})
