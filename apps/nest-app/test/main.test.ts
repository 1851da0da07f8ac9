import { startProgram } from '@orgpass/testing'
import { rolldown } from 'rolldown'
import { beforeAll, expect, it } from 'vitest'

const built = new URL('../node_modules/.cache/main.js', import.meta.url)

// Node runs TypeScript from source, but not its decorators: what has some is compiled into one file.
beforeAll(async () => {
  const bundle = await rolldown({
    input: new URL('../src/main.ts', import.meta.url).pathname,
    platform: 'node',
    external: /^(?:@nestjs|@orgpass\/(?!nest$)|express|graphql|rxjs)/,
    resolve: { conditionNames: ['@orgpass/source'] },
  })
  await bundle.write({ file: built.pathname, format: 'esm' })
})

it('starts with the simulator when nothing is configured, and stops on a signal', { timeout: 60_000 }, async () => {
  const program = startProgram(built, { PORT: '0' })
  try {
    const url = await program.address
    expect(await (await fetch(url)).text()).toContain('This is a demo org')
    program.kill('SIGTERM')
    expect(await program.ended).toMatchObject({ code: 0, err: '' })
  } finally {
    program.kill('SIGKILL')
  }
})

it('says in one line what is wrong', { timeout: 60_000 }, async () => {
  const program = startProgram(built, { PORT: '0', SALESFORCE_CLIENT_ID: '3MVG9' })
  await expect(program.address).rejects.toThrow(/SALESFORCE_CLIENT_SECRET.* missing/)
})
