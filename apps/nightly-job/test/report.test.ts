import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Report } from '../src/report.ts'

const line = (id: string) => ({ id, name: 'Größe & Söhne', contacts: 3 })
let folder: string
let name: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'))
  name = join(folder, 'report')
})
afterEach(() => rm(folder, { recursive: true }))

const content = (): Promise<string> => readFile(`${name}.partial.jsonl`, 'utf8')

describe('a report', () => {
  it('that was left unfinished is gone on with', async () => {
    const first = await Report.open(name, 'acme')
    await first.add(line('001a'))
    const second = await Report.open(name, 'acme')
    expect([second.size, second.has('001a'), second.has('001b')]).toEqual([1, true, false])
    await second.add(line('001b'))
    const path = await second.finish()
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
    expect(lines.map((text) => JSON.parse(text) as unknown)).toEqual([{ source: 'acme' }, line('001a'), line('001b')])
  })

  it('loses a line that was cut off in the middle, and nothing else', async () => {
    await (await Report.open(name, 'acme')).add(line('001a'))
    const before = await content()
    await appendFile(`${name}.partial.jsonl`, '{"id":"001b","name":"Grö')
    expect((await Report.open(name, 'acme')).size).toBe(1)
    expect(await content()).toBe(before)
  })

  it.each(['partial.jsonl', 'jsonl'])(
    'that another org began or finished (%s) is refused and stays as it is',
    async (ending) => {
      const path = `${name}.${ending}`
      const theirs = `{"source":"acme"}\n${JSON.stringify(line('001a'))}\n`
      await writeFile(path, theirs)
      await expect(Report.open(name, 'globex')).rejects.toThrow(
        `${path} is the report of acme, not of globex. Move it, or set JOB_REPORT to another name.`,
      )
      expect(await readFile(path, 'utf8')).toBe(theirs)
    },
  )

  it.each(['notes\n', 'notes', '{"source":"ac', '{"id":"001a"}\n', 'null\n'])(
    'that this job did not write (%j) is refused and stays as it is',
    async (theirs) => {
      const path = `${name}.partial.jsonl`
      await writeFile(path, theirs)
      await expect(Report.open(name, 'globex')).rejects.toThrow(`${path} is no report of this job. Move it,`)
      expect(await readFile(path, 'utf8')).toBe(theirs)
    },
  )

  it.each(['', '{"sou', '{"source":"acme"}'])('whose first line was cut off (%j) begins anew', async (begun) => {
    await writeFile(`${name}.partial.jsonl`, begun)
    expect((await Report.open(name, 'acme')).size).toBe(0)
    expect(await content()).toBe('{"source":"acme"}\n')
  })

  it('that cannot be read is not begun anew', async () => {
    await mkdir(`${name}.partial.jsonl`)
    await expect(Report.open(name, 'acme')).rejects.toThrow(/EISDIR/)
  })

  it('that is whole is left alone by the next until that one is whole', async () => {
    const first = await Report.open(name, 'acme')
    await first.add(line('001a'))
    const path = await first.finish()
    const next = await Report.open(name, 'acme')
    expect(next.size).toBe(0)
    expect(await readFile(path, 'utf8')).toContain('001a')
    expect(await next.finish()).toBe(path)
    expect(await readFile(path, 'utf8')).toBe('{"source":"acme"}\n')
  })
})
