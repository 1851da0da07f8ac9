import { appendFile, open, readFile, rename, writeFile } from 'node:fs/promises'

/** One account, done. */
export interface ReportLine {
  readonly id: string
  readonly name: string
  readonly contacts: number
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

  /** Takes up the unfinished report of the same source, or begins a new one. */
  static async open(name: string, source: string): Promise<Report> {
    const partial = `${name}.partial.jsonl`
    const begun = await readFile(partial, 'utf8').catch(() => '')
    // What stands behind the last line break was cut off in the middle.
    const whole = begun.slice(0, begun.lastIndexOf('\n') + 1)
    const [head = '', ...lines] = whole.split('\n').filter(Boolean)
    const header = JSON.stringify({ source })
    if (head !== header) {
      await writeFile(partial, `${header}\n`)
      return new Report(name, partial, new Set())
    }
    const file = await open(partial, 'r+')
    await file.truncate(Buffer.byteLength(whole))
    await file.close()
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

  /** Gives the whole report its name, in one step, and answers it. */
  async finish(): Promise<string> {
    const path = `${this.#name}.jsonl`
    await rename(this.#partial, path)
    return path
  }
}
