import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Environment } from '@orgpass/core'
import { isLocalAddress } from './local-address.ts'
import { readSettings } from './settings.ts'
import { startSimulated } from './simulated.ts'
import type { Demo, Simulated } from './simulated.ts'
import { whyNotStarted } from './why-not-started.ts'

/** What a sample app is built from. */
export interface SampleStart {
  /** The environment of the process, completed: by where the app is and, when nothing is configured, by the simulator's app. */
  readonly env: Environment
  /** Given when Salesforce is simulated: the page then says so. */
  readonly demo?: Demo
}

/** An app that has something to finish once no request is left. */
export interface ClosableSample {
  readonly listener: RequestListener
  close(): Promise<void>
}

type Sample = RequestListener | ClosableSample

export interface SampleOptions {
  /** What the simulator has besides its one org and app. An app in it is the one that is used. */
  readonly seed?: Parameters<typeof startSimulated>[1]
}

const PATIENCE = 5_000

/**
 * Starts a sample app as its whole program: reads the environment, simulates Salesforce when nothing about it is
 * configured, listens, says where, and stops on a signal. What is wrong is said in one line, with exit code 1.
 */
export async function startSample(
  title: string,
  build: (start: SampleStart) => Sample | Promise<Sample>,
  options: SampleOptions = {},
): Promise<void> {
  try {
    await start(title, build, options)
  } catch (error) {
    console.error(`Cannot start: ${whyNotStarted(error)}`)
    process.exit(1)
  }
}

async function start(...[title, build, options]: Required<Parameters<typeof startSample>>): Promise<void> {
  const settings = readSettings(process.env)
  const local = settings.baseUrl === undefined || isLocalAddress(settings.baseUrl)
  const simulated = settings.simulated
    ? await startSimulated(settings.baseUrl ?? 'http://localhost', options.seed)
    : undefined
  const server = createServer()
  const port = await listen(server, { port: settings.port, ...(local && { host: '127.0.0.1' }) })
  const baseUrl = settings.baseUrl ?? `http://localhost:${port}`
  const env = { ...process.env, ...simulated?.env, APP_BASE_URL: baseUrl }
  const sample = await build({ env, ...(simulated && { demo: simulated.demo }) })
  const closable = typeof sample === 'function' ? { listener: sample, close: async () => undefined } : sample
  server.on('request', closable.listener)
  console.log(`\n${title}: ${baseUrl}`)
  if (simulated !== undefined) announce(simulated.demo)
  console.log('Stop it with Ctrl-C.')
  const ended = (): void => end(closable, simulated)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(server, ended))
}

function listen(server: Server, address: { port: number; host?: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, () => resolve((server.address() as AddressInfo).port))
  })
}

function announce({ logins, password }: Demo): void {
  console.log('No Salesforce org is configured, so it talks to a simulator of one on this machine.')
  console.log(
    `At Salesforce, log in as ${logins.map(({ username }) => username).join(', ')}, with the password ${password}.`,
  )
}

/** Lets requests under way finish, for a moment; the process ends when nothing is left. */
function stop(server: Server, ended: () => void): void {
  // Connections that become idle after `close` would otherwise be kept alive.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  server.close(() => {
    clearInterval(sweep)
    ended()
  })
  setTimeout(() => server.closeAllConnections(), PATIENCE).unref()
}

function end(sample: ClosableSample, simulated: Simulated | undefined): void {
  sample
    .close()
    .catch((error: unknown) => console.error(error))
    .finally(() => void simulated?.simulator.close())
}
