import { describeStore } from '@orgpass/store-contract'
import { pgliteStore } from '../src/pglite.ts'

const why = 'PGlite is within this process'

describeStore(
  'on PGlite',
  async () => {
    const shared = pgliteStore({ lease: 10_000 })
    await shared.get('start')
    return {
      open: async ({ lease, lockTimeout }) => ({
        store: lockTimeout === 30_000 && lease === 10_000 ? shared : pgliteStore({ lease, lockTimeout }),
        close: async () => undefined,
      }),
      close: () => shared.close(),
    }
  },
  { lacks: { clients: why, restart: why, persistence: why, stall: why, clock: why } },
)
