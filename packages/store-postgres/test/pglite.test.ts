import { PGlite } from '@electric-sql/pglite'
import { describeStore } from '@orgpass/store-contract'
import { postgresStore } from '../src/index.ts'

const why = 'PGlite is within this process'

describeStore(
  'on PGlite',
  async () => {
    const shared = await PGlite.create()
    return {
      async open(options) {
        const closing = new AbortController()
        const query = (text: string, values?: unknown[]) => {
          closing.signal.throwIfAborted()
          return shared.query(text, values)
        }
        const store = postgresStore({ query, exec: (text) => shared.exec(text) }, options)
        return { store, close: async () => closing.abort() }
      },
      close: () => shared.close(),
    }
  },
  { lacks: { restart: why, persistence: why, stall: why, clock: why } },
)
