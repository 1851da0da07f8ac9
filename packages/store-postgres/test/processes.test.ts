import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '@orgpass/testing/services'
import type { Service } from '@orgpass/testing/services'
import { Pool } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { postgresStore } from '../src/index.ts'
import { pgliteStore } from '../src/pglite.ts'

const postgres = await startPostgres({ own: true })
afterAll(() => postgres?.stop())

function startProcess(name: string, ...args: readonly string[]): ChildProcess {
  const main = fileURLToPath(new URL(`process/${name}.ts`, import.meta.url))
  return spawn(process.execPath, ['--conditions=@orgpass/source', main, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function lines(child: ChildProcess, least: number): Promise<string[]> {
  let text = ''
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    text += chunk.toString()
    if (text.split('\n').length > least) break
  }
  return text.trimEnd().split('\n')
}

describe.skipIf(postgres === undefined)('processes', () => {
  const { url } = postgres as Service

  it('that start at once on an empty database take turns, each a hundred times', async () => {
    const key = crypto.randomUUID()
    const all = Array.from({ length: 4 }, () => startProcess('holder', url, 'fresh', key, '100'))
    const codes = await Promise.all(all.map(async (child) => (await once(child, 'exit'))[0] as number))
    const pool = new Pool({ connectionString: url })
    expect([codes, await postgresStore(pool, { schema: 'fresh' }).get(key)]).toEqual([[0, 0, 0, 0], '400'])
    await pool.end()
  })

  it.each([1, 2, 3])('that are killed give up their lock with its lease, round %i', async () => {
    const key = crypto.randomUUID()
    const child = startProcess('holder', url, 'fresh', key)
    const [dead] = (await lines(child, 1)).map(Number)
    const pool = new Pool({ connectionString: url })
    const store = postgresStore(pool, { schema: 'fresh' })
    expect(await store.set(key, 'in time', { ttl: 60_000, fence: Number(dead) })).toBe(true)
    child.kill('SIGKILL')
    const killedAt = performance.now()
    const next = await store.withLock(key, async ({ fence }) => {
      expect(await store.set(key, 'late', { ttl: 60_000, fence: Number(dead) })).toBe(false)
      return fence
    })
    expect(performance.now() - killedAt).toBeLessThan(2_500)
    expect([next > Number(dead), await store.get(key)]).toEqual([true, 'in time'])
    await pool.end()
  })
})

describe('the embedded database', () => {
  it('keeps what was written when its process is killed, and is refused to a second one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'orgpass-pglite-'))
    const directory = join(folder, 'data')
    try {
      const first = startProcess('embedded', directory)
      const counted = lines(first, 200)
      await sleep(50)
      await counted
      const second = startProcess('embedded', directory)
      expect((await lines(second, 1))[0]).toContain(`is open in process ${first.pid}`)
      first.kill('SIGKILL')
      const atLeast = Number((await counted).at(-1))
      await once(first, 'exit')

      const store = pgliteStore({ directory })
      expect(Number(await store.get('count'))).toBeGreaterThanOrEqual(atLeast)
      expect(await store.list('one')).toEqual(['count'])
      await expect(pgliteStore({ directory }).get('count')).rejects.toThrow('is open in this process')
      await store.close()
      const again = pgliteStore({ directory })
      expect(Number(await again.get('count'))).toBeGreaterThanOrEqual(atLeast)
      await again.close()
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 60_000)
})
