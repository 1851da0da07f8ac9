import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startEvilOrg } from './evil-org.ts'
import { startOnTerminal, startProgram } from './program.ts'

const username = 'grace@acme.example'
let sim: Simulator

beforeAll(async () => {
  sim = await startSimulator()
})
beforeEach(() => sim.updateApp(sim.app().clientId, { devicePollInterval: 1_000 }))
afterEach(() => sim.reset())
afterAll(() => sim.close())

const org = (): Record<string, string> => ({
  SALESFORCE_LOGIN_URL: sim.org().url,
  SALESFORCE_CLIENT_ID: sim.app().clientId,
})

// Each test starts a whole process, which takes its time on a busy machine.
describe('the program', { timeout: 90_000 }, () => {
  it('shows where to log in, waits, and says who logged in and a few accounts', async () => {
    const program = startProgram(org())
    const [, code = ''] = await program.prints(/Enter\s+([A-Z0-9]{8})/)
    expect(program.printed()).toContain(`${sim.org().url}/setup/connect?user_code=${code}`)
    expect(program.printed()).toMatch(/Type this code in yourself and send it to nobody\./)
    await sim.approveDevice(code, { username })
    expect(await program.exitCode).toBe(0)
    expect(program.printed()).toMatch(/You are Grace Hofmann \(grace@acme\.example\)\./)
    expect(program.printed()).toMatch(/A few of your accounts:\s+│\s+Aurora Textiles/)
    expect(program.printed()).not.toMatch(/00D\w{12}!|5Aep/)
  })

  it('says so when the person denies', async () => {
    const program = startProgram(org())
    const [, code = ''] = await program.prints(/Enter\s+([A-Z0-9]{8})/)
    await sim.approveDevice(code, { username, deny: true })
    expect(await program.exitCode).toBe(1)
    expect(program.printed()).toMatch(/denied on the other device/)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops at once at %s, with the exit code of that signal', async (signal, code) => {
    const program = startProgram(org())
    await program.prints(/Enter/)
    const before = performance.now()
    program.kill(signal)
    expect(await program.exitCode).toBe(code)
    expect(performance.now() - before).toBeLessThan(3_000)
    expect(program.printed()).toMatch(/Stopped\.\s*$/)
  })

  // util-linux makes the terminal; other systems have a `script` of another kind.
  it.runIf(process.platform === 'linux')(
    'stops at Ctrl-C on a terminal, where the spinner reads the keys',
    async () => {
      const program = startOnTerminal(org())
      await program.prints(/Waiting/)
      program.types('\u0003')
      expect(await program.exitCode).toBe(130)
      expect(program.printed()).toMatch(/Stopped\./)
    },
  )

  it('shows what the org says without what a terminal would obey', async () => {
    const name = '\u001B[2J\u202EAcme\u009B31m\u0007 Ltd'
    const users = [{ username: 'eve@evil.example', firstName: 'Eve\u001B]0;title\u0007', lastName: 'Il\r' }]
    const evil = await startSimulator({
      seed: { orgs: [{ name: 'Evil', users, records: { Account: [{ Name: name }] } }] },
    })
    try {
      const program = startProgram({ ...org(), SALESFORCE_LOGIN_URL: evil.org('Evil').url })
      const [, code = ''] = await program.prints(/Enter\s+([A-Z0-9]{8})/)
      await evil.approveDevice(code, { username: 'eve@evil.example' })
      expect(await program.exitCode).toBe(0)
      expect(program.printed()).toMatch(/You are Eve Il/)
      expect(program.printed()).toMatch(/Acme.{0,3} Ltd/)
      for (const mark of ['\u0007', '\u009B', '\u202E', '\u001B[2J', '\u001B]'])
        expect(program.printed()).not.toContain(mark)
    } finally {
      await evil.close()
    }
  })

  it('shows an answer that is no JSON without what a terminal would obey', async () => {
    await using evil = await startEvilOrg('\u001B[2J\u202Ewiped\u0007')
    const program = startProgram({ ...org(), SALESFORCE_LOGIN_URL: evil.url })
    expect(await program.exitCode).toBe(1)
    expect(program.printed()).toMatch(/You are Eve/)
    expect(program.printed()).toMatch(/JSON/)
    for (const mark of ['\u0007', '\u202E', '\u001B[2J']) expect(program.printed()).not.toContain(mark)
  })

  it('serves itself when nothing is configured: the address it shows is a page that takes the code', async () => {
    const program = startProgram()
    const [, code = ''] = await program.prints(/Enter\s+([A-Z0-9]{8})/)
    const [, address = ''] = await program.prints(/Or open\s+(\S+)/)
    const page = await fetch(address)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(code)])
    expect(program.printed()).toMatch(/grace@acme\.example/)
    program.kill('SIGINT')
    expect(await program.exitCode).toBe(130)
  })

  it('refuses to start half configured', async () => {
    const program = startProgram({ SALESFORCE_LOGIN_URL: sim.org().url })
    expect(await program.exitCode).toBe(1)
    expect(program.printed()).toMatch(/Set both SALESFORCE_LOGIN_URL and SALESFORCE_CLIENT_ID/)
  })

  it('says what to change when the app has no device flow', async () => {
    sim.updateApp(sim.app().clientId, { flows: { device: false } })
    const program = startProgram(org())
    expect(await program.exitCode).toBe(1)
    expect(program.printed()).toMatch(/device flow is not enabled/)
  })
})
