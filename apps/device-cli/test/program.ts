import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { eventually } from '@orgpass/testing'

/** The program under way. */
export interface Program {
  /** Everything it has printed so far, to either stream. */
  printed(): string
  /** Waits until it has printed this. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
  kill(signal: 'SIGINT' | 'SIGTERM'): void
  readonly exitCode: Promise<number | null>
}

export interface ProgramOnTerminal extends Program {
  /** Presses keys. */
  types(keys: string): void
}

const PROGRAM = ['--conditions=@orgpass/source', 'src/main.ts']

/** Starts the program with these variables, and no other that is about Salesforce. */
export function startProgram(variables: Readonly<Record<string, string>> = {}): Program {
  return follow(start([process.execPath, ...PROGRAM], variables))
}

/** The same on a terminal of its own. */
export function startOnTerminal(variables: Readonly<Record<string, string>>): ProgramOnTerminal {
  const command = `stty cols 80; exec '${process.execPath}' ${PROGRAM.join(' ')}`
  const child = start(['script', '-qec', command, '/dev/null'], variables)
  return { ...follow(child), types: (keys) => void child.stdin.write(keys) }
}

function start(
  [file = '', ...args]: readonly string[],
  variables: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('SALESFORCE_'))
  return spawn(file, args, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...Object.fromEntries(inherited), ...variables },
  })
}

function follow(child: ChildProcessWithoutNullStreams): Program {
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
    kill: (signal) => void child.kill(signal),
    exitCode: new Promise((resolve) => child.once('close', resolve)),
  }
}
