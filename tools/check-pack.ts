/** Packs every public package, lints the tarballs and uses them from outside: `node tools/check-pack.ts [root]`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { consume } from './pack/consumer.ts'
import { lint, pack, publicPackages } from './pack/tarball.ts'

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'))
const scratch = mkdtempSync(join(tmpdir(), 'orgpass-pack-'))
try {
  const tarballs = await Promise.all(publicPackages(root).map(async (home) => pack(home, scratch)))
  const checks = [...tarballs.map(lint), consume(join(scratch, 'consumer'), tarballs)]
  const problems = (await Promise.all(checks)).flat()
  for (const problem of problems) console.error(`${problem}\n`)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`Packed, linted and used: ${tarballs.map(({ manifest }) => manifest.name).join(', ')}`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
