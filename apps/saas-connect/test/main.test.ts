import { createAgent, eventually, startProgram } from '@orgpass/testing'
import { expect, it } from 'vitest'

it(
  'starts with nothing configured, on a simulator and a database within the process, and stops on a signal',
  { timeout: 60_000 },
  async () => {
    const program = startProgram(new URL('../src/main.ts', import.meta.url), { PORT: '0' })
    try {
      const agent = createAgent(await program.address)
      expect(await (await agent.get('/')).text()).toContain('This is a demo')
      await agent.post('/sign-in', { form: { name: 'nora', password: 'sample' } })
      const page = await eventually(
        async () => {
          const answer = await agent.get('/connections')
          return answer.status === 200 && answer.text()
        },
        { timeout: 30_000 },
      )
      expect(page).toContain('No org is connected yet')
      expect(page).toContain('>Globex</option>')
      program.kill('SIGTERM')
      expect(await program.ended).toMatchObject({ code: 0, err: '' })
    } finally {
      program.kill('SIGKILL')
    }
  },
)

it('does not start where others can reach it without its own people', async () => {
  const real = {
    PORT: '0',
    SALESFORCE_CLIENT_ID: 'id',
    SALESFORCE_CLIENT_SECRET: 'secret',
    SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com',
    APP_BASE_URL: 'https://app.example',
    SESSION_SECRET: 'k3J9vQ2mX7pL5tR8wZ1nB4cY6hG0sD3f',
  }
  const program = startProgram(new URL('../src/main.ts', import.meta.url), real)
  program.address.catch(() => undefined)
  const { code, err } = await program.ended
  expect([code, err]).toEqual([1, expect.stringContaining('PEOPLE is missing')])
})
