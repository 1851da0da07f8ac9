#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import { defaultSeed } from './seed/default-seed.ts'
import type { RequestLine } from './control/request-log.ts'
import { resolveSeed } from './seed/resolve-seed.ts'
import { parseSeed } from './seed/parse-seed.ts'
import type { Seed } from './seed/seed.ts'
import { SeedError } from './seed/seed.ts'
import { startSimulator } from './simulator.ts'
import type { Simulator, SimulatorOptions } from './simulator-types.ts'

interface Flags {
  readonly port: number
  readonly host: string
  readonly seed?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly log?: true
}

/** Ends the program with one message, without a stack. */
class UsageError extends Error {}

const command = new Command('orgpass-simulator')
  .description('A Salesforce identity service on this machine, for development and tests.')
  .version(packageVersion())
  .option('--port <number>', 'port of the login host; each org takes the next one (0: any free ports)', readPort, 0)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--seed <file>', 'JSON file with more orgs, users, records and apps')
  .option('--tls-cert <file>', 'certificate (PEM), to serve https; needs --tls-key')
  .option('--tls-key <file>', 'private key (PEM) of the certificate')
  .option('--log', 'print a line for every request, without secrets')
  .action(run)

await command.parseAsync()

async function run(flags: Flags): Promise<void> {
  try {
    const seed = flags.seed === undefined ? {} : readSeed(flags.seed)
    const tls = readTls(flags)
    const simulator = await startSimulator({
      port: flags.port,
      host: flags.host,
      seed,
      ...(tls && { tls }),
      ...(flags.log && { log: (line) => console.log(logLine(line)) }),
    })
    console.log(welcome(simulator, resolveSeed(seed)))
    // Once: a second signal ends the process at once, should closing hang.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(simulator))
  } catch (error) {
    const message = explain(error, flags)
    if (message === undefined) throw error
    console.error(`orgpass-simulator: ${message}`)
    process.exitCode = 1
  }
}

async function stop(simulator: Simulator): Promise<never> {
  await simulator.close()
  // A signing key that is still being generated would keep the process alive for seconds.
  process.exit()
}

function welcome(simulator: Simulator, seed: Seed): string {
  const orgs = simulator.orgs.flatMap(({ name, url, sites }) => [
    [`Org "${name}"`, url],
    ...sites.map((site) => [`Site "${site.name}"`, site.url]),
  ])
  const users = (seed.orgs ?? []).flatMap((org) => org.users)
  const apps = seed.apps ?? []
  // Secrets of a seed stay where they are; the samples' are printed in the source for everybody.
  const samples = (defaultSeed.apps ?? []).map(({ clientId }) => clientId)
  const rows = [
    ['Login', simulator.loginUrl],
    ['Sandbox login', simulator.sandboxLoginUrl],
    ...orgs,
    ...users.map(({ username, password }) => [
      'Log in as',
      `${username}, password ${password === undefined ? '"simulator"' : 'as in your seed'}`,
    ]),
    ...apps.flatMap(({ label, clientId, clientSecret }) => [
      ['App', `"${label}"`],
      ['Client id', clientId],
      ['Client secret', samples.includes(clientId) ? (clientSecret ?? 'none') : 'as in your seed'],
    ]),
  ]
  const width = Math.max(...rows.map(([label = '']) => label.length))
  const lines = rows.map(([label = '', value = '']) => `  ${label.padEnd(width)}  ${value}`)
  return ['Orgpass simulator. Everything here is made up: do not type a real password.', ...lines].join('\n')
}

function logLine({ at, method, origin, path, grantType, status, error }: RequestLine): string {
  const parts = [new Date(at).toISOString(), method, origin + path, grantType && `(${grantType})`, status, error]
  return parts.filter((part) => part !== undefined).join(' ')
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
}

function readSeed(path: string): Seed {
  const text = readText('--seed', path)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    // The parser's own message quotes the file, which may hold secrets.
    const position = /position (\d+)/.exec(String(error))?.[1]
    const line = position === undefined ? '' : `, line ${text.slice(0, Number(position)).split('\n').length}`
    throw new UsageError(`The seed file ${path} is not valid JSON${line}. Check for a missing comma, quote or bracket.`)
  }
  return parseSeed(value)
}

function readTls({ tlsCert, tlsKey }: Flags): SimulatorOptions['tls'] {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined) throw new UsageError('--tls-key is given without its certificate. Add --tls-cert FILE.')
  if (tlsKey === undefined) throw new UsageError('--tls-cert is given without its private key. Add --tls-key FILE.')
  return { cert: readText('--tls-cert', tlsCert), key: readText('--tls-key', tlsKey) }
}

function readText(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const reason = codeOf(error) === 'ENOENT' ? 'there is no such file' : `reading it failed with ${codeOf(error)}`
    throw new UsageError(`Cannot read ${path} (${flag}): ${reason}. Check the path.`)
  }
}

/** What happened and what to change; `undefined` for faults that are ours. */
function explain(error: unknown, { host, port }: Flags): string | undefined {
  if (error instanceof UsageError || error instanceof SeedError) return error.message
  const code = codeOf(error)
  const taken = error instanceof Error && 'port' in error ? Number(error.port) : port
  if (code === 'EADDRINUSE')
    return `Port ${taken} on ${host} is in use. Choose another with --port, or leave it out for any free ports.`
  if (code === 'EACCES') return `Port ${taken} on ${host} needs more rights than you have. Choose one above 1023.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is not an address of this machine. Check --host.`
  if (code?.startsWith('ERR_OSSL') || code?.startsWith('ERR_SSL'))
    return `The TLS certificate and key cannot be used together (${code}). Check that both are PEM and belong together.`
  return undefined
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return String(version)
}
