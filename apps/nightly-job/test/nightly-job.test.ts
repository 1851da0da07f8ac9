import { generateKeyPairSync } from 'node:crypto'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startJob } from './job.ts'
import type { Job } from './job.ts'

const CLIENT_ID = '3MVG9nightly_job.of_the_tests'
const { privateKey, publicKey: certificate } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
let sim: Simulator
let folder: string

beforeAll(async () => {
  const app = {
    label: 'Nightly job',
    org: 'Acme',
    clientId: CLIENT_ID,
    certificate,
    callbackUrls: ['http://localhost/x'],
  }
  const preApproved = { permittedUsers: 'adminApproved', permissionSets: ['Integrations'] } as const
  sim = await startSimulator({ seed: { apps: [{ ...app, ...preApproved }] } })
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightly-job-'))
})
afterEach(async () => {
  sim.reset()
  await rm(folder, { recursive: true })
})
afterAll(() => sim.close())

const start = (more: Record<string, string> = {}): Job =>
  startJob({
    JOB_REPORT: join(folder, 'report'),
    SALESFORCE_LOGIN_URL: sim.org().url,
    SALESFORCE_CLIENT_ID: CLIENT_ID,
    SALESFORCE_USERNAME: 'ada@acme.example',
    SALESFORCE_PRIVATE_KEY: privateKey,
    ...more,
  })

async function report(): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(folder, 'report.jsonl'), 'utf8')
  const lines = text.trimEnd().split('\n')
  return lines.slice(1).map((line) => JSON.parse(line) as Record<string, unknown>)
}

const count = (path: RegExp): number => sim.requests.filter((line) => path.test(line.path)).length
const logins = (): number => count(/oauth2\/token$/)
const queries = (): number => count(/\/query/)

// Each test starts whole processes, which takes its time on a busy machine.
describe('the job', { timeout: 90_000 }, () => {
  it('counts the contacts of every account with one login', async () => {
    const job = start()
    expect(await job.exitCode).toBe(0)
    const lines = await report()
    expect(lines).toHaveLength(30)
    expect(new Set(lines.map(({ id }) => id)).size).toBe(30)
    expect(lines).toContainEqual({ id: expect.any(String), name: 'Tern Island Ferries', contacts: 2 })
    expect(logins()).toBe(1)
    expect(job.printed()).toMatch(/30\/30/)
    expect(job.printed()).not.toMatch(/00D\w{12}!|PRIVATE KEY/)

    const tomorrow = start()
    expect(await tomorrow.exitCode).toBe(0)
    expect(tomorrow.printed()).toMatch(/30 accounts, 0 done already/)
  })

  it('goes on where it was killed, asking for nothing twice', async () => {
    sim.faults.next('data', { latency: 60 }, 10_000)
    const first = start()
    await first.prints(/10\/30/)
    first.kill('SIGKILL')
    await first.exitCode
    const asked = queries()
    expect(asked).toBeLessThan(30)
    await appendFile(join(folder, 'report.partial.jsonl'), '{"id":"001cut off in the mid')

    const second = start()
    expect(await second.exitCode).toBe(0)
    expect(second.printed()).toMatch(/30 accounts, 1\d done already/)
    const lines = await report()
    expect(new Set(lines.map(({ id }) => id)).size).toBe(30)
    expect(lines).toHaveLength(30)
    // Both asked for the list of accounts; at most one account was under way when the job died.
    expect(queries()).toBeLessThanOrEqual(30 + 2 + 1)
  })

  it('stops at a signal and says that it can go on', async () => {
    sim.faults.next('data', { latency: 60 }, 10_000)
    const job = start()
    await job.prints(/5\/30/)
    job.kill('SIGTERM')
    expect(await job.exitCode).toBe(143)
    expect(job.printed()).toMatch(/The next start goes on from here/)
  })

  it('sits out a short outage and a session that ends', async () => {
    sim.faults.next('token', { status: 503 })
    sim.faults.next('data', { status: 503 })
    sim.faults.next('data', { latency: 60 }, 10_000)
    const job = start()
    await job.prints(/10\/30/)
    sim.expireAccessTokens()
    expect(await job.exitCode).toBe(0)
    expect(await report()).toHaveLength(30)
    expect(logins()).toBe(3)
  })

  it('gives up when logins are limited, and says until when', async () => {
    sim.faults.next('token', { error: 'rate_limit_exceeded', description: 'number of logins exceeded' })
    const job = start()
    expect(await job.exitCode).toBe(1)
    expect(job.printed()).toMatch(/3,600.*Not before \d{4}-\d\d-\d\dT/s)
    expect(logins()).toBe(1)
  })

  it('says what to change when the login is refused', async () => {
    const job = start({ SALESFORCE_USERNAME: 'alan@acme.example' })
    expect(await job.exitCode).toBe(1)
    expect(job.printed()).toMatch(/not admin approved.*permission set/s)
  })

  it.each([
    ['SALESFORCE_PRIVATE_KEY', 'not a key', /Stopped: SALESFORCE_PRIVATE_KEY is not an? [^]*PEM[^]*JWK\.\n$/],
    ['SALESFORCE_LOGIN_URL', 'http://acme.example', /Stopped: SALESFORCE_LOGIN_URL .*\n$/],
    ['SALESFORCE_CLIENT_ID', 'two words', /Stopped: SALESFORCE_CLIENT_ID is not a Consumer Key\. Copy [^.]*\.\n$/],
  ])('names a wrong %s, what to change, and no time to come back', async (name, value, words) => {
    const job = start({ [name]: value })
    expect(await job.exitCode).toBe(1)
    expect(job.printed()).toMatch(words)
    expect(job.printed()).not.toMatch(/Not before/)
    expect(logins()).toBe(0)
  })

  it('says what a refused query means, and prints no answer as it came', async () => {
    sim.updateOrg('Acme', { apiEnabled: false })
    const job = start()
    expect(await job.exitCode).toBe(1)
    expect(job.printed()).toMatch(
      /Stopped: Salesforce answered 403 "API_DISABLED_FOR_ORG.*permission set with API Enabled/,
    )
    expect(job.printed()).not.toMatch(/[[{]/)
  })

  it('shows account names without what a terminal would obey', async () => {
    const name = '\u001B[2J\u202EAcme\u009B31m\u0007 Ltd'
    const users = [{ username: 'job@evil.example', permissionSets: ['Integrations'] }]
    const app = { label: 'Job', org: 'Evil', clientId: CLIENT_ID, certificate, callbackUrls: ['http://localhost/x'] }
    const policy = { permittedUsers: 'adminApproved', permissionSets: ['Integrations'] } as const
    const orgs = [{ name: 'Evil', users, records: { Account: [{ Name: name }] } }]
    const evil = await startSimulator({ seed: { orgs, apps: [{ ...app, ...policy }] } })
    try {
      const job = start({ SALESFORCE_LOGIN_URL: evil.org('Evil').url, SALESFORCE_USERNAME: 'job@evil.example' })
      expect(await job.exitCode).toBe(0)
      expect(job.printed()).toMatch(/1\/1 .*Acme.* Ltd/)
      for (const mark of ['\u0007', '\u009B', '\u202E', '\u001B']) expect(job.printed()).not.toContain(mark)
    } finally {
      await evil.close()
    }
  })

  it("leaves an org's report alone when it is started without variables, and says whose it is", async () => {
    expect(await start().exitCode).toBe(0)
    const before = await readFile(join(folder, 'report.jsonl'), 'utf8')
    const job = startJob({ JOB_REPORT: join(folder, 'report') })
    expect(await job.exitCode).toBe(1)
    expect(job.printed()).toMatch(
      /report\.jsonl is the report of ada@acme\.example at http\S+, not of simulator\. Move it, /,
    )
    expect(await readFile(join(folder, 'report.jsonl'), 'utf8')).toBe(before)
  })

  it('serves itself when nothing is configured', async () => {
    const job = startJob({ JOB_REPORT: join(folder, 'report') })
    expect(await job.exitCode).toBe(0)
    expect(job.printed()).toMatch(/a simulator on this machine serves/)
    expect(await report()).toHaveLength(30)
  })
})
