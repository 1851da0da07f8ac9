import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Program {
  /** Resolves when the program has ended by itself or by a signal. */
  readonly ended: Promise<{ code: number | null; out: string; err: string }>
  /** Where the program says it is, once it has said how to stop it; rejects when it ends before. */
  readonly address: Promise<string>
  readonly kill: (signal: NodeJS.Signals) => void
}

/** Runs a sample app's main file from source, in a process of its own that knows these variables and PATH only. */
export function startProgram(main: URL, variables: Record<string, string>): Program {
  const child = spawn(process.execPath, ['--conditions=@orgpass/source', fileURLToPath(main)], {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  const address = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      const [, url] = /: (http\S+)\n[^]*Ctrl-C/.exec(out) ?? []
      if (url !== undefined) resolve(url)
    })
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({ code: code ?? null, out, err }))
  const tooSoon = ended.then((end): never => {
    throw new Error(`It ended with ${end.code}: ${end.err}`)
  })
  return { ended, address: Promise.race([address, tooSoon]), kill: (signal) => void child.kill(signal) }
}
