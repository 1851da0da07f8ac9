import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startProgram } from './program.ts'

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

  it('stops at once when it is interrupted', async () => {
    const program = startProgram(org())
    await program.prints(/Enter/)
    const before = performance.now()
    program.interrupt()
    expect(await program.exitCode).toBe(1)
    expect(performance.now() - before).toBeLessThan(3_000)
    expect(program.printed()).toMatch(/given up/)
  })

  it('serves itself when nothing is configured: the address it shows is a page that takes the code', async () => {
    const program = startProgram()
    const [, code = ''] = await program.prints(/Enter\s+([A-Z0-9]{8})/)
    const [, address = ''] = await program.prints(/Or open\s+(\S+)/)
    const page = await fetch(address)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(code)])
    expect(program.printed()).toMatch(/grace@acme\.example/)
    program.interrupt()
    expect(await program.exitCode).toBe(1)
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
