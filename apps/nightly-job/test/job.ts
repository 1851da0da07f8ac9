import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { eventually } from '@orgpass/testing'

/** The job under way. */
export interface Job {
  printed(): string
  /** Waits until it has printed this. */
  prints(pattern: RegExp): Promise<void>
  kill(signal: 'SIGKILL' | 'SIGTERM'): void
  /** Absent after a kill. */
  readonly exitCode: Promise<number | null>
}

/** Starts the job with these variables, and no other that is about Salesforce. */
export function startJob(variables: Readonly<Record<string, string>>): Job {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('SALESFORCE_'))
  const child = spawn(process.execPath, ['--conditions=@orgpass/source', 'src/main.ts'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...Object.fromEntries(inherited), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => void (text += chunk.toString()))
  return {
    printed: () => text,
    async prints(pattern) {
      await eventually(() => pattern.test(text), { timeout: 60_000 })
    },
    kill: (signal) => void child.kill(signal),
    exitCode: new Promise((resolve) => child.once('close', resolve)),
  }
}
