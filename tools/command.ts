import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface Outcome {
  /** 0 for success; 1 also when the command could not be started. */
  readonly code: number
  /** Standard output, then standard error. */
  readonly output: string
}

/** Runs a command to its end and never throws. */
export async function command(file: string, args: readonly string[], options: { cwd: string }): Promise<Outcome> {
  try {
    const { stdout, stderr } = await promisify(execFile)(file, args, { ...options, maxBuffer: 2 ** 26 })
    return { code: 0, output: stdout + stderr }
  } catch (error) {
    const {
      code,
      stdout = '',
      stderr = '',
      message,
    } = error as Partial<Record<'stdout' | 'stderr', string>> & Error & { code: unknown }
    return { code: typeof code === 'number' ? code : 1, output: stdout + stderr || message }
  }
}
