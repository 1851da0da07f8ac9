import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildApp } from './app.ts'
import { isLocalAddress } from './local-address.ts'
import { readSettings } from './settings.ts'
import type { Settings } from './settings.ts'
import { startSimulated } from './simulated.ts'
import type { Simulated } from './simulated.ts'
import { whyNotStarted } from './why-not-started.ts'

const PATIENCE = 5_000

try {
  await start(readSettings(process.env))
} catch (error) {
  console.error(`Cannot start: ${whyNotStarted(error)}`)
  process.exit(1)
}

async function start(settings: Settings): Promise<void> {
  const local = settings.baseUrl === undefined || isLocalAddress(settings.baseUrl)
  const simulated = settings.simulated ? await startSimulated(settings.baseUrl ?? 'http://localhost') : undefined
  const server = createServer()
  const port = await listen(server, { port: settings.port, ...(local && { host: '127.0.0.1' }) })
  const baseUrl = settings.baseUrl ?? `http://localhost:${port}`
  const app = buildApp({ auth: { baseUrl, ...simulated?.auth }, ...(simulated && { demo: simulated.demo }) })
  server.on('request', app)
  announce(baseUrl, simulated)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(server, simulated))
}

function listen(server: Server, address: { port: number; host?: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, () => resolve((server.address() as AddressInfo).port))
  })
}

function announce(baseUrl: string, simulated: Simulated | undefined): void {
  console.log(`\nOrgpass sample app: ${baseUrl}`)
  if (simulated !== undefined) {
    const { logins, password } = simulated.demo
    console.log('No Salesforce org is configured, so it talks to a simulator of one on this machine.')
    console.log(`Log in as ${logins.map(({ username }) => username).join(', ')}, with the password ${password}.`)
  }
  console.log('Stop it with Ctrl-C.')
}

/** Lets requests under way finish, for a moment; the process ends when nothing is left. */
function stop(server: Server, simulated: Simulated | undefined): void {
  // Connections that become idle after `close` would otherwise be kept alive.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  server.close(() => {
    clearInterval(sweep)
    void simulated?.simulator.close()
  })
  setTimeout(() => server.closeAllConnections(), PATIENCE).unref()
}
