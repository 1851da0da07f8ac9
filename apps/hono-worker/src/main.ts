import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSettings, startSimulated, whyNotStarted } from '@orgpass/sample-host'
import { bundle } from './bundle.ts'

try {
  await start()
} catch (error) {
  console.error(`Cannot start: ${whyNotStarted(error)}`)
  process.exit(1)
}

async function start(): Promise<void> {
  const settings = readSettings(process.env)
  const baseUrl = settings.baseUrl ?? `http://localhost:${settings.port}`
  const simulated = settings.simulated ? await startSimulated(baseUrl) : undefined
  await bundle()
  const { simulator, env } = simulated ?? {}
  // Every refresh token works once, as Salesforce has it for apps that several customers use.
  simulator?.updateApp(simulator.app().clientId, { refreshTokenRotation: true })

  const workerd = join(dirname(createRequire(import.meta.url).resolve('workerd/package.json')), 'bin/workerd')
  const configuration = fileURLToPath(new URL('../worker.capnp', import.meta.url))
  const child = spawn(workerd, ['serve', configuration, `--socket-addr=http=127.0.0.1:${settings.port}`], {
    stdio: 'inherit',
    env: {
      SESSION_SECRET: randomBytes(32).toString('base64url'),
      ...process.env,
      ...env,
      APP_BASE_URL: baseUrl,
      SIMULATOR_URL: simulator?.loginUrl ?? '',
    },
  })
  child.once('exit', (code, signal) => {
    void simulator?.close()
    process.exitCode = signal === null ? (code ?? 1) : 0
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill('SIGTERM'))
  console.log(`\nOrgpass on Workers: ${baseUrl}`)
  if (simulated !== undefined) {
    const { logins, password } = simulated.demo
    console.log('No Salesforce org is configured, so it talks to a simulator of one on this machine.')
    console.log(`Log in as ${logins.map(({ username }) => username).join(', ')}, with the password ${password}.`)
  }
  console.log('Stop it with Ctrl-C.')
}
