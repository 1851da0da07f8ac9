import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeStore } from '@orgpass/store-contract'
import type { StoreUnderTest } from '@orgpass/store-contract'
import { freePort } from '@orgpass/testing'
import { bundleWorker, serveWorker } from '@orgpass/testing/runtimes'
import type { ServedProcess } from '@orgpass/testing/runtimes'
import { durableObjectStore } from '../src/index.ts'
import type { ObjectNamespace } from '../src/index.ts'

/** The objects of a worker, asked over HTTP until the client is closed. */
function objectsOf(url: string, closed: AbortSignal): ObjectNamespace {
  return {
    idFromName: (name) => name,
    get: (name: string) => ({
      fetch(_, { body }) {
        closed.throwIfAborted()
        return fetch(url, { method: 'POST', body: JSON.stringify({ key: name, raw: JSON.parse(body) as object }) })
      },
    }),
  }
}

const start = async (): Promise<StoreUnderTest> => {
  const code = await bundleWorker(fileURLToPath(new URL('worker/worker.ts', import.meta.url)))
  const folder = await mkdtemp(join(tmpdir(), 'orgpass-objects-'))
  const port = await freePort()
  const serve = (): Promise<ServedProcess> =>
    serveWorker(code, { port, folder, durableObjects: { SESSIONS: 'OrgpassStore' } })
  let worker = await serve()
  return {
    async open(options) {
      const closing = new AbortController()
      const store = durableObjectStore(objectsOf(worker.url, closing.signal), options)
      return { store, close: async () => closing.abort() }
    },
    server: {
      async kill() {
        process.kill(worker.pid, 'SIGKILL')
        await worker.close()
      },
      async start() {
        worker = await serve()
      },
      stall: async () => void process.kill(worker.pid, 'SIGSTOP'),
      resume: async () => void process.kill(worker.pid, 'SIGCONT'),
    },
    async close() {
      await worker.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

// Each key is an object, with a file of its own here.
describeStore('on Durable Objects', start, { many: 500 })
