import { describeStore } from '@orgpass/store-contract'
import { startRedis } from '@orgpass/testing/services'
import type { Service } from '@orgpass/testing/services'
import { createClient } from 'redis'
import { describe } from 'vitest'
import { redisStore } from '../src/index.ts'

/** Holds the store on one flavour of server to the contract. */
export async function describeFlavour(flavour: 'redis' | 'valkey'): Promise<void> {
  const found = await startRedis(flavour)
  const server = found as Service
  const why = 'the server was given and may be shared'
  const lacks = found?.given === true ? { restart: why, persistence: why, stall: why } : {}

  describe.skipIf(found === undefined)(flavour, () => {
    describeStore(
      `on ${found?.version}`,
      async () => ({
        async open(options) {
          const client = createClient({ url: server.url, disableOfflineQueue: true })
          client.on('error', () => undefined)
          await client.connect()
          return { store: redisStore(client, options), close: async () => client.destroy() }
        },
        server,
        close: () => server.stop(),
      }),
      { lacks },
    )
  })
}
