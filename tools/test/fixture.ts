import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { command } from '../command.ts'
import type { Outcome } from '../command.ts'

/** A folder with these files (path → text) that lives as long as the test. */
export function plant(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'orgpass-tools-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

/** Runs one of the tools as the command line does. */
export async function run(tool: string, ...args: string[]): Promise<Outcome> {
  return command(process.execPath, [join(import.meta.dirname, '..', tool), ...args], { cwd: tmpdir() })
}
