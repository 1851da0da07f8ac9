import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ServeOptions {
  /** Where the process listens, on 127.0.0.1. */
  readonly port: number
  /** All that the process sees of the environment, beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>
}

/** A server in a process of its own. */
export interface ServedProcess {
  /** `http://localhost:<port>`, without a trailing slash. */
  readonly url: string
  readonly pid: number
  /** What it printed so far. */
  output(): string
  /** Asks it to end, and ends it by force after two seconds. */
  close(): Promise<void>
}

const STARTED_WITHIN = 45_000
const STOPPED_WITHIN = 2_000

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts a server in a process of its own and answers when it listens.
 * @throws {Error} with what the process printed, when it ends or does not listen.
 */
export async function serveProcess(
  command: readonly [program: string, ...args: string[]],
  { port, env = {} }: ServeOptions,
): Promise<ServedProcess> {
  const [program, ...args] = command
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(program, args, { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  const ended = new Promise<void>((resolve) => {
    child.once('exit', resolve).once('error', resolve)
  }).finally(() => running.delete(child))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.once('error', (error) => (output += String(error)))

  const close = async (): Promise<void> => {
    if (!running.has(child)) return
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN)
    await ended
    clearTimeout(force)
  }
  const deadline = performance.now() + STARTED_WITHIN
  while (!(await isOpen(port))) {
    if (!running.has(child)) throw new Error(`${program} ended before it listened on ${port}:\n${output}`)
    if (performance.now() > deadline) {
      await close()
      throw new Error(`${program} does not listen on ${port}:\n${output}`)
    }
    await sleep(25)
  }
  return { url: `http://localhost:${port}`, pid: child.pid ?? 0, output: () => output, close }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
