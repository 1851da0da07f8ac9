import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'

export interface ServerProgram {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** What it prints when it takes connections. */
  readonly ready: RegExp
}

/** One run of a server: it is stopped by its own pid, and with this process at the latest, however that ends. */
export interface ServerProcess {
  /** To it and to the processes it made. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void>
  end(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<void>
}

const run = promisify(execFile)

/** @throws {Error} with what it printed, when it ends before it is ready. */
export async function startServerProcess({ command, args, env, cwd, ready }: ServerProgram): Promise<ServerProcess> {
  const options = { ...(env && { env }), ...(cwd !== undefined && { cwd }) }
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000)
      if (ready.test(output)) resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}.\n${output}`)))
  })
  const pid = Number(child.pid)
  const dismiss = guard(pid)
  return {
    async signal(signal) {
      for (const id of [pid, ...(await childrenOf(pid))]) kill(id, signal)
    },
    async end(signal) {
      dismiss()
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      const children = signal === 'SIGKILL' ? await childrenOf(pid) : []
      kill(pid, signal)
      // They would notice by themselves, but not while they are stopped.
      for (const id of children) kill(id, signal)
      await gone
    },
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid='])
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number))
  return pairs.flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []))
}

/** Ends the server with this process, also when that is killed: its standard input closes then. */
function guard(pid: number): () => void {
  const watch = spawn('sh', ['-c', `read -r _; kill -9 ${pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watch.unref()
  return () => void watch.kill('SIGKILL')
}
