import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

export interface Bundle extends AsyncDisposable {
  readonly file: string
}

const CACHE = fileURLToPath(new URL('../node_modules/.cache', import.meta.url))

/** The worker in one file: hundreds of processes start, and reading a hundred modules each would be most of the work. */
export async function bundleWorkerProcess(): Promise<Bundle> {
  // The clients of the stores are found from there.
  await mkdir(CACHE, { recursive: true })
  const folder = await mkdtemp(join(CACHE, 'worker-'))
  await using bundle = await rolldown({
    input: fileURLToPath(new URL('worker.ts', import.meta.url)),
    platform: 'node',
    external: ['pg', 'redis'],
    resolve: { conditionNames: ['@orgpass/source', 'node', 'import', 'default'] },
  })
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false })
  const file = join(folder, 'worker.mjs')
  await writeFile(file, output[0].code)
  return { file, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
