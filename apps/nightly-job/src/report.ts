import { appendFile, open, readFile, rename, writeFile } from 'node:fs/promises'

/** One account, done. */
export interface ReportLine {
  readonly id: string
  readonly name: string
  readonly contacts: number
}

/** Something else is kept under the report's name. The message is for a person at a terminal. */
export class ReportError extends Error {
  override readonly name = 'ReportError'
}

/**
 * The job's result and its memory in one: a line of JSON for each account done. It is `<name>.partial.jsonl` until it
 * is whole and `<name>.jsonl` then, so a job that was killed goes on where it was.
 */
export class Report {
  readonly #name: string
  readonly #partial: string
  readonly #done: Set<string>

  private constructor(name: string, partial: string, done: Set<string>) {
    this.#name = name
    this.#partial = partial
    this.#done = done
  }

  /**
   * Takes up the unfinished report of the same source, or begins a new one.
   * @throws {ReportError} when a report of that name, whole or not, is about something else: it stays as it is.
   */
  static async open(name: string, source: string): Promise<Report> {
    const partial = `${name}.partial.jsonl`
    await refuseForeign(`${name}.jsonl`, source)
    const begun = await refuseForeign(partial, source)
    // What stands behind the last line break was cut off in the middle.
    const whole = begun.slice(0, begun.lastIndexOf('\n') + 1)
    if (whole === '') {
      await writeFile(partial, `${header(source)}\n`)
      return new Report(name, partial, new Set())
    }
    const file = await open(partial, 'r+')
    await file.truncate(Buffer.byteLength(whole))
    await file.close()
    const lines = whole.split('\n').slice(1).filter(Boolean)
    return new Report(name, partial, new Set(lines.map((line) => (JSON.parse(line) as ReportLine).id)))
  }

  has(id: string): boolean {
    return this.#done.has(id)
  }

  get size(): number {
    return this.#done.size
  }

  async add(line: ReportLine): Promise<void> {
    await appendFile(this.#partial, `${JSON.stringify(line)}\n`)
    this.#done.add(line.id)
  }

  /** Gives the whole report its name, in one step, in place of the one before, and answers it. */
  async finish(): Promise<string> {
    const path = `${this.#name}.jsonl`
    await rename(this.#partial, path)
    return path
  }
}

function header(source: string): string {
  return JSON.stringify({ source })
}

/** What the file holds, which is nothing when there is none. */
async function refuseForeign(path: string, source: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  const [first = '', ...others] = text.split('\n')
  const ours = header(source)
  if (first === ours || (others.length === 0 && ours.startsWith(first))) return text
  const whose = sourceIn(first)
  const what = whose === undefined ? 'no report of this job' : `the report of ${whose}, not of ${source}`
  throw new ReportError(`${path} is ${what}. Move it, or set JOB_REPORT to another name.`)
}

function sourceIn(line: string): string | undefined {
  try {
    const { source } = JSON.parse(line) as { source?: unknown }
    return typeof source === 'string' ? source : undefined
  } catch {
    return undefined
  }
}
