import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export interface ServerProgram {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** What it prints when it takes connections. */
  readonly ready: RegExp
}

/** One run of a server: it is stopped by its own pid, and with this process at the latest. */
export interface ServerProcess {
  readonly output: () => string
  end(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<void>
}

/** @throws {Error} with what it printed, when it ends before it is ready. */
export async function startServerProcess({ command, args, env, cwd, ready }: ServerProgram): Promise<ServerProcess> {
  const child: ChildProcess = spawn(command, args, {
    ...(env && { env }),
    ...(cwd !== undefined && { cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const atExit = (): void => void child.kill('SIGKILL')
  process.once('exit', atExit)
  let output = ''
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000)
      if (ready.test(output)) resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}.\n${output}`)))
  })
  return {
    output: () => output,
    async end(signal) {
      process.removeListener('exit', atExit)
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    },
  }
}
