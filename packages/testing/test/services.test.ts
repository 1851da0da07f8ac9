import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { eventually } from '../src/index.ts'
import { startPgBouncer, startPostgres, startRedis } from '../src/services/index.ts'
import type { Service } from '../src/services/index.ts'

const redis = await startRedis('redis', { own: true })
const postgres = await startPostgres({ own: true })

/** What a Redis answers to a command, or `undefined` when it answers nothing. */
async function ask({ url }: Service, command: string): Promise<string | undefined> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`${command}\r\n`)
  try {
    const [answer] = (await once(socket, 'data', { signal: AbortSignal.timeout(500) })) as [Buffer]
    return answer.toString()
  } catch {
    return undefined
  } finally {
    socket.destroy()
  }
}

const isListening = async ({ url }: Service): Promise<boolean> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  return once(socket, 'connect').then(
    () => (socket.destroy(), true),
    () => false,
  )
}

describe.skipIf(redis === undefined)('a Redis of the test', () => {
  const server = redis as Service

  it('has what it kept when it was killed and started again, at the same address', async () => {
    expect(await ask(server, 'SET a 1')).toBe('+OK\r\n')
    await server.kill()
    expect(await isListening(server)).toBe(false)
    await server.start()
    expect(await ask(server, 'GET a')).toBe('$1\r\n1\r\n')
  })

  it('answers nothing while it is stalled', async () => {
    await server.stall()
    expect(await ask(server, 'PING')).toBeUndefined()
    await server.resume()
    expect(await ask(server, 'PING')).toBe('+PONG\r\n')
  })

  it('can be stopped while it is stalled', async () => {
    await server.stall()
    await server.stop()
    expect(await isListening(server)).toBe(false)
  })
})

describe.skipIf(postgres === undefined)('a PostgreSQL of the test', () => {
  const server = postgres as Service

  it('can be killed and started again at once', async () => {
    for (let round = 0; round < 3; round++) {
      await server.kill()
      expect(await isListening(server)).toBe(false)
      await server.start()
      expect(await isListening(server)).toBe(true)
    }
    const pooler = await startPgBouncer(server)
    await pooler?.stop()
    await server.stop()
    expect(await isListening(server)).toBe(false)
  })
})

describe('a server', () => {
  it.skipIf(redis === undefined)('ends with the process that started it, also when that is killed', async () => {
    const program = `import { startRedis } from '@orgpass/testing/services'; console.log((await startRedis('redis', { own: true })).url); setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--conditions=@orgpass/source', '--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const server = { url: line.toString().trim() } as Service
    expect(await isListening(server)).toBe(true)
    child.kill('SIGKILL')
    await eventually(async () => !(await isListening(server)))
  })

  it('that a variable names is left alone', async () => {
    vi.stubEnv('REDIS_URL', 'redis://127.0.0.1:1')
    const server = await startRedis()
    expect([server?.given, server?.url]).toEqual([true, 'redis://127.0.0.1:1'])
    await expect(server?.kill()).rejects.toThrow('REDIS_URL')
    await server?.stop()
  })
})
