import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
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

  it('of another source, or with its first line cut off, begins anew', async () => {
    await (await Report.open(name, 'acme')).add(line('001a'))
    expect((await Report.open(name, 'globex')).size).toBe(0)
    expect(await content()).toBe('{"source":"globex"}\n')
  })

  it('that is whole is left alone by the next', async () => {
    const first = await Report.open(name, 'acme')
    await first.add(line('001a'))
    const path = await first.finish()
    expect((await Report.open(name, 'acme')).size).toBe(0)
    expect(await readFile(path, 'utf8')).toContain('001a')
  })
})
