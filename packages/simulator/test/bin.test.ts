import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { createSign, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url))
const running: ChildProcess[] = []
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orgpass-simulator-'))
})

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

afterAll(() => rmSync(folder, { recursive: true }))

interface Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

interface Run {
  readonly ended: Promise<Outcome>
  /** Resolves with the output so far, once it matches. */
  readonly prints: (pattern: RegExp) => Promise<string>
  readonly kill: (signal: NodeJS.Signals) => void
}

function start(...options: readonly string[]): Run {
  const child = spawn(process.execPath, [bin, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = once(child, 'close').then(([code, signal]): Outcome => ({ code, signal, out, err }))
  return {
    ended,
    async prints(pattern) {
      while (!pattern.test(out)) {
        const done = await Promise.race([once(child.stdout, 'data').then(() => undefined), ended])
        if (done && !pattern.test(out)) throw new Error(`It ended with ${done.code}: ${done.out}${done.err}`)
      }
      return out
    },
    kill: (signal) => void child.kill(signal),
  }
}

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

function originIn(output: string): string {
  return /Login +(\S+)/.exec(output)?.[1] ?? ''
}

describe('orgpass-simulator', () => {
  it('prints addresses, logins and the sample app, and serves the home page', async () => {
    const output = await start().prints(/Client secret/)
    expect(output).toMatch(/do not type a real password/)
    expect(output).toMatch(/Org "Acme" +http:\/\/127\.0\.0\.1:\d+/)
    expect(output).toMatch(/Log in as +ada@acme\.example, password "simulator"/)
    expect(output).toMatch(/App +"Orgpass sample"\n +Client id +3MVG9\S{80}\n +Client secret +[0-9A-F]{64}\n/)
    const page = await (await fetch(originIn(output))).text()
    expect(page).toContain('A Salesforce login, on your machine')
  })

  it('adds the orgs and users of a seed file and hides their passwords', async () => {
    const org = { name: 'Birch', users: [{ username: 'bo@birch.example', password: 'swordfish' }] }
    const output = await start('--seed', file('birch.json', JSON.stringify({ orgs: [org] }))).prints(/Client secret/)
    expect(output).toMatch(/Org "Birch" +http:/)
    expect(output).toMatch(/bo@birch\.example, password as in your seed/)
    expect(output).not.toContain('swordfish')
  })

  it('prints a line per request with --log, without query', async () => {
    const run = start('--log')
    const origin = originIn(await run.prints(/Client secret/))
    await fetch(`${origin}/services/oauth2/authorize?client_id=wrong`)
    const output = await run.prints(/authorize.*\n/)
    expect(output).toMatch(/Z GET http:\S+\/services\/oauth2\/authorize 400 invalid_client_id\n$/)
  })

  it('serves https with a certificate and its key', async () => {
    const { cert, key } = selfSigned()
    const options = ['--tls-cert', file('cert.pem', cert), '--tls-key', file('key.pem', key)]
    const origin = originIn(await start(...options).prints(/Client secret/))
    expect(origin).toMatch(/^https:/)
    const [response] = await once(get(origin, { rejectUnauthorized: false }), 'response')
    response.destroy()
    expect(response.statusCode).toBe(200)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'closes and exits with 0 on %s, idle connections notwithstanding',
    async (signal) => {
      const run = start()
      const origin = originIn(await run.prints(/Client secret/))
      await (await fetch(origin)).text()
      run.kill(signal)
      expect(await run.ended).toMatchObject({ code: 0, signal: null, err: '' })
      await expect(fetch(origin)).rejects.toThrow('fetch failed')
    },
  )

  it('explains its options and names its version', async () => {
    const [help, version] = await Promise.all([start('--help').ended, start('--version').ended])
    expect(help.code).toBe(0)
    for (const flag of ['--port', '--host', '--seed', '--tls-cert', '--tls-key', '--log'])
      expect(help.out).toContain(flag)
    expect(version).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  })
})

describe('orgpass-simulator fails with exit code 1 and one message', () => {
  async function failure(...options: readonly string[]): Promise<string> {
    const { code, out, err } = await start(...options).ended
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).not.toMatch(/^\s+at /m)
    return err.trimEnd()
  }

  it('for a port in use, and says which', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const { port } = blocker.address() as AddressInfo
    const advice = 'Choose another with --port, or leave it out for any free ports.'
    expect(await failure('--port', String(port))).toBe(
      `orgpass-simulator: Port ${port} on 127.0.0.1 is in use. ${advice}`,
    )
    expect(await failure('--port', String(port - 1))).toContain(`Port ${port} on 127.0.0.1 is in use.`)
    blocker.close()
  })

  it.each(['1.5', '70000'])('for the port %s', async (port) => {
    expect(await failure(`--port=${port}`)).toContain('It must be a whole number from 0 to 65535.')
  })

  it('for a foreign host address', async () => {
    expect(await failure('--host', '192.0.2.1')).toContain('192.0.2.1 is not an address of this machine. Check --host.')
  })

  it('for a missing seed file', async () => {
    expect(await failure('--seed', '/nowhere.json')).toBe(
      'orgpass-simulator: Cannot read /nowhere.json (--seed): there is no such file. Check the path.',
    )
  })

  it('for a seed that is no JSON, with the line and without quoting it', async () => {
    const seed = file('broken.json', '{\n  "apps": [\n    { "clientSecret": "swordfish" "label": 1 }\n  ]\n}')
    const message = await failure('--seed', seed)
    expect(message).toContain('is not valid JSON, line 3. Check for a missing comma, quote or bracket.')
    expect(message).not.toContain('swordfish')
  })

  it('for a seed with faults, listing all of them with path and hint', async () => {
    const seed = file('faulty.json', JSON.stringify({ orgs: [{ name: 7, users: 'none' }], aps: [] }))
    const message = await failure('--seed', seed)
    expect(message).toMatch(/The seed has \d faults:/)
    for (const path of ['orgs[0].name', 'orgs[0].users', 'aps']) {
      const line = message.split('\n').find((one) => one.startsWith(`  ${path}: `))
      expect(line).toMatch(/: .+\. .+/)
    }
  })

  it('for half of the tls pair', async () => {
    const pem = file('some.pem', 'x')
    const [noKey, noCertificate] = await Promise.all([failure('--tls-cert', pem), failure('--tls-key', pem)])
    expect(noKey).toContain('--tls-cert is given without its private key. Add --tls-key FILE.')
    expect(noCertificate).toContain('--tls-key is given without its certificate. Add --tls-cert FILE.')
  })

  it('for a certificate that is none, without quoting the key', async () => {
    const key = file('secret.pem', '-----BEGIN PRIVATE KEY-----\nswordfish\n-----END PRIVATE KEY-----')
    const message = await failure('--tls-cert', file('none.pem', 'x'), '--tls-key', key)
    expect(message).toContain('The TLS certificate and key cannot be used together')
    expect(message).not.toContain('swordfish')
  })

  it('for an unknown option', async () => {
    expect(await failure('--prot', '1')).toContain("unknown option '--prot'")
  })
})

/** A certificate in the shortest valid form, so that the tests need no openssl. */
function selfSigned(): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
    const body = Buffer.concat(parts)
    const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255]
    return Buffer.concat([Buffer.from([tag, ...length]), body])
  }
  const algorithm = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'))
  const commonName = der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('localhost')))
  const name = der(0x30, der(0x31, commonName))
  const validity = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('490101000000Z')))
  const keyInfo = publicKey.export({ type: 'spki', format: 'der' })
  const body = der(0x30, der(0x02, Buffer.from([1])), algorithm, name, validity, name, keyInfo)
  const signature = createSign('sha256').update(body).sign(privateKey)
  const base64 = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature)).toString('base64')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
