import { describeStore } from '@orgpass/store-contract'
import { startRedis } from '@orgpass/testing/services'
import { createClient } from 'redis'
import { describe } from 'vitest'
import { redisStore } from '../src/index.ts'

for (const flavour of ['redis', 'valkey'] as const) {
  const server = await startRedis(flavour)
  if (server === undefined) {
    describe.skip(`the store on ${flavour} (skipped: there is none)`, () => undefined)
    continue
  }
  describeStore(`on ${server.version}`, async () => ({
    async open(options) {
      const client = createClient({ url: server.url, disableOfflineQueue: true })
      client.on('error', () => undefined)
      await client.connect()
      return { store: redisStore(client, options), close: async () => client.destroy() }
    },
    server,
    close: () => server.stop(),
  }))
}
