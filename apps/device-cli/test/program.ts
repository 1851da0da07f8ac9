import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { eventually } from '@orgpass/testing'

/** The program under way. */
export interface Program {
  /** Everything it has printed so far, to either stream. */
  printed(): string
  /** Waits until it has printed this. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
  interrupt(): void
  readonly exitCode: Promise<number | null>
}

/** Starts the program with these variables, and no other that is about Salesforce. */
export function startProgram(variables: Readonly<Record<string, string>> = {}): Program {
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
    prints: (pattern) =>
      eventually(
        () => {
          const found = pattern.exec(text)
          if (found === null) throw new Error(`${String(pattern)} is not in what was printed:\n${text}`)
          return found
        },
        { timeout: 60_000 },
      ),
    interrupt: () => void child.kill('SIGINT'),
    exitCode: new Promise((resolve) => child.once('close', resolve)),
  }
}
