import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

const mine = new Set<string>()

/**
 * Claims a folder for this process: two processes that write one database's files spoil them. A claim ends with its
 * process, however that ends.
 * @throws {Error} when another process that lives, or this one, has claimed it.
 */
export function claim(directory: string): { release(): void } {
  const folder = resolve(directory)
  const file = `${folder}.pid`
  if (mine.has(folder)) throw taken(folder, 'this process')
  mkdirSync(dirname(folder), { recursive: true })
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EEXIST') throw error
    }
    const holder = Number(readPid(file))
    // In a container every run has the same number: what this process has not claimed is of an earlier one.
    if (holder !== process.pid && isAlive(holder)) throw taken(folder, `process ${holder}`)
    rmSync(file, { force: true })
  }
  mine.add(folder)
  return {
    release() {
      if (mine.delete(folder)) rmSync(file, { force: true })
    },
  }
}

function readPid(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM'
  }
}

function taken(folder: string, holder: string): Error {
  return new Error(
    `The database in ${folder} is open in ${holder}, and two at once would spoil it. Use postgresStore with a PostgreSQL for several processes; if none uses it, delete ${folder}.pid.`,
  )
}
