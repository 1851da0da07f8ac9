import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSimulator } from '@orgpass/simulator'
import { bundle } from './bundle.ts'
import { readSettings } from './settings.ts'

try {
  await start()
} catch (error) {
  console.error(`Cannot start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}

async function start(): Promise<void> {
  const { port, salesforce } = readSettings(process.env)
  const simulator = salesforce === undefined ? await startSimulator() : undefined
  await bundle()
  const { clientId = '', clientSecret = '' } = simulator?.app() ?? {}
  // Every refresh token works once, as Salesforce will have it for apps that many orgs use.
  simulator?.updateApp(clientId, { refreshTokenRotation: true })
  const baseUrl = `http://localhost:${port}`
  const simulated = {
    SALESFORCE_CLIENT_ID: clientId,
    SALESFORCE_CLIENT_SECRET: clientSecret,
    SALESFORCE_LOGIN_URL: simulator?.org().url ?? '',
  }
  const configuration = fileURLToPath(new URL('../worker.capnp', import.meta.url))
  const workerd = join(dirname(createRequire(import.meta.url).resolve('workerd/package.json')), 'bin/workerd')
  const child = spawn(workerd, ['serve', configuration, `--socket-addr=http=127.0.0.1:${port}`], {
    stdio: 'inherit',
    env: {
      ...(salesforce ?? simulated),
      APP_BASE_URL: baseUrl,
      SESSION_SECRET: process.env['SESSION_SECRET'] ?? randomBytes(32).toString('base64url'),
      SIMULATOR_URL: simulator?.loginUrl ?? '',
    },
  })
  console.log(`\nOrgpass on Workers: ${baseUrl}`)
  if (simulator !== undefined) {
    console.log('No Salesforce org is configured, so it talks to a simulator of one on this machine.')
    console.log('Log in as ada@acme.example, with the password simulator.')
  }
  console.log('Stop it with Ctrl-C.')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill('SIGTERM'))
  child.once('exit', (code, signal) => {
    void simulator?.close()
    process.exitCode = signal === null ? (code ?? 1) : 0
  })
}
