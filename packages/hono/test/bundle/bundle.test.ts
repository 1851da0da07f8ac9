import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { startSimulator } from '@orgpass/simulator'
import { createAgent, eventually, freePort } from '@orgpass/testing'
import { signIn } from '@orgpass/testing/adapter'
import { bundleWorker, serveWorker } from '@orgpass/testing/runtimes'
import { beforeAll, describe, expect, it } from 'vitest'

const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
const page = new URL('../../../../docs/edge.md', import.meta.url)

describe('a minimal Worker, minified', () => {
  let code: string
  beforeAll(async () => {
    code = await bundleWorker(worker, { minify: true })
  })

  it('is one module that imports nothing, of Node least of all', () => {
    expect(code.match(/\bimport\b[^;]{0,200}?["'][^"']+["']/g) ?? []).toEqual([])
    expect(code).not.toMatch(/["']node:|\brequire\(/)
  })

  it('is as large as the documentation says, give or take 5 %', async () => {
    const zipped = await promisify(gzip)(code, { level: 9 })
    const said = /\| \*\*([\d.]+) kB\*\* +\| \*\*([\d.]+) kB\*\*/
      .exec(await readFile(page, 'utf8'))
      ?.slice(1)
      .map(Number)
    const measured = [Buffer.byteLength(code) / 1000, zipped.length / 1000]
    const line = `a minimal Worker has ${measured.map((size) => size.toFixed(0)).join(' kB, gzipped ')} kB`
    for (const [i, size] of measured.entries()) {
      const ratio = size / (said?.[i] ?? 0)
      expect(Math.abs(ratio - 1), `Correct docs/edge.md: ${line}`).toBeLessThan(0.05)
    }
  })

  it('logs a person in, calls Salesforce and logs out, in workerd', async () => {
    await using stack = new AsyncDisposableStack()
    const sim = await startSimulator()
    stack.defer(() => sim.close())
    const port = await freePort()
    const { clientId, clientSecret } = sim.app()
    const env = {
      SALESFORCE_CLIENT_ID: clientId,
      SALESFORCE_CLIENT_SECRET: clientSecret,
      SALESFORCE_LOGIN_URL: sim.org().url,
      APP_BASE_URL: `http://localhost:${port}`,
      SESSION_SECRET: 'a session secret of the tests 0123456789 abcdef',
    }
    const app = await serveWorker(code, { port, env })
    stack.defer(() => app.close())
    const agent = createAgent(app.url)
    const back = await signIn(sim, agent, { start: '/me' })
    expect(back.headers.get('location')).toBe('/me')
    expect(await (await agent.get('/me')).json()).toMatchObject({ username: 'ada@acme.example' })
    sim.expireAccessTokens()
    expect((await agent.get('/me')).status).toBe(200)
    expect((await agent.post('/auth/logout')).status).toBe(303)
    await eventually(() => sim.approvals('ada@acme.example').length === 0)
  })
})
