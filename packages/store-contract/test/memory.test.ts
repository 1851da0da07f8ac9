import { memoryStore } from '@orgpass/core'
import { describeStore } from '../src/index.ts'

const why = 'the memory store is this process'

describeStore(
  'in memory',
  async () => ({
    open: async ({ lockTimeout }) => ({ store: memoryStore({ lockTimeout }), close: async () => undefined }),
    close: async () => undefined,
  }),
  { lacks: { clients: why, restart: why, persistence: why, stall: why, clock: why } },
)
