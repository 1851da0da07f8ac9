import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/** Bundles the Worker and its front into `dist`, where worker.capnp looks for them. */
export async function bundle(): Promise<void> {
  for (const name of ['worker', 'front']) {
    await using built = await rolldown({
      input: at(`./${name}.ts`),
      platform: 'neutral',
      resolve: {
        conditionNames: ['@orgpass/source', 'workerd', 'worker', 'import', 'default'],
        mainFields: ['module', 'main'],
      },
    })
    await built.write({ file: at(`../dist/${name}.js`), format: 'esm', minify: true })
  }
}

function at(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}
