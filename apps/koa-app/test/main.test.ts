import { startProgram } from '@orgpass/testing'
import { expect, it } from 'vitest'

it('starts with the simulator when nothing is configured, and stops on a signal', async () => {
  const program = startProgram(new URL('../src/main.ts', import.meta.url), { PORT: '0' })
  try {
    const url = await program.address
    expect(await (await fetch(url)).text()).toContain('This is a demo org')
    program.kill('SIGTERM')
    expect(await program.ended).toMatchObject({ code: 0, err: '' })
  } finally {
    program.kill('SIGKILL')
  }
})
