import { listen } from '@orgpass/testing'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Exchange } from '../../src/http/exchange.ts'
import type { LogEvent, SalesforceAuth, SalesforceAuthOptions } from '../../src/index.ts'
import { createSalesforceAuth } from '../../src/node.ts'

export const SECRET = 'PLANTED-session-secret-k3J9vQ2mX7pL5tR8w'
export const CLIENT_SECRET = 'PLANTED-client-secret-1955279925675'
export const CLIENT_ID = '3MVG9abc'

export interface Answer {
  status?: number
  body?: string
  headers?: Record<string, string>
}

/** A server that answers each of Salesforce's addresses with what a test wants, byte for byte. */
export interface ScriptedSalesforce {
  /** By the last part of the path: token, revoke, introspect, userinfo, keys; '*' is the rest. `cut` breaks the connection. */
  readonly answers: Record<string, Answer | 'cut'>
  /** Sends what is meant for any host to this server. */
  readonly fetch: typeof globalThis.fetch
  /** A usable token answer, with an ID token for this nonce. */
  tokenAnswer(nonce: string, change?: object): Promise<string>
  [Symbol.asyncDispose](): Promise<void>
}

const key = await generateKeyPair('RS256')

export async function scriptSalesforce(): Promise<ScriptedSalesforce> {
  const keys = { body: JSON.stringify({ keys: [{ ...(await exportJWK(key.publicKey)), kid: '264', alg: 'RS256' }] }) }
  const answers: Record<string, Answer | 'cut'> = { keys }
  const server = await listen((req, res) => {
    const answer = answers[req.url?.split('?')[0]?.split('/').at(-1) ?? ''] ?? answers['*'] ?? {}
    if (answer === 'cut') req.socket.destroy()
    else res.writeHead(answer.status ?? 200, answer.headers).end(answer.body)
  })
  const id = 'https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU'
  return {
    answers,
    fetch: (input, init) => {
      const { pathname, search } = new URL(input instanceof Request ? input.url : input)
      return fetch(server.url + pathname + search, init)
    },
    async tokenAnswer(nonce, change = {}) {
      const iss = 'https://acme.my.salesforce.com'
      const now = Math.floor(Date.now() / 1000)
      const claims = { iss, sub: id, aud: CLIENT_ID, exp: now + 120, iat: now, nonce, email: 'PLANTED@acme.example' }
      const idToken = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: '264' }).sign(key.privateKey)
      return JSON.stringify({
        access_token: '00Dx0000000BV7z!PLANTED.access.token',
        refresh_token: '5Aep861PLANTEDrefresh.token_0123456789',
        scope: 'openid api refresh_token',
        id_token: idToken,
        instance_url: iss,
        id,
        token_type: 'Bearer',
        issued_at: String(Date.now()),
        ...change,
      })
    },
    [Symbol.asyncDispose]: () => server.close(),
  }
}

export interface Visit {
  method?: string
  headers?: Record<string, string | undefined> | undefined
  body?: string
}

export interface Visited extends Exchange {
  readonly lines: Map<string, string>
}

/** One request of a browser. */
export function visit(target: string, { method = 'GET', headers = {}, body = '' }: Visit = {}): Visited {
  const lines = new Map<string, string>()
  return {
    lines,
    method,
    target,
    header: (name) => headers[name],
    form: async () => new URLSearchParams(body),
    setCookie: (name, line) => void lines.set(name, line),
    committed: false,
  }
}

/** The `Cookie` header of a browser that got these lines. */
export function cookieHeader(...visits: Visited[]): string {
  const pairs = visits.flatMap(({ lines }) => [...lines.values()].map((line) => line.slice(0, line.indexOf(';'))))
  return pairs.filter((pair) => !pair.endsWith('=')).join('; ')
}

export function createApp(options: SalesforceAuthOptions = {}, log: LogEvent[] = []): SalesforceAuth {
  const usual = {
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    loginUrl: 'https://acme.my.salesforce.com',
    baseUrl: 'https://app.example.com',
    session: { secret: SECRET },
    logger: (event: LogEvent) => void log.push(event),
  }
  return createSalesforceAuth({ ...usual, ...options }, {})
}

export interface Started {
  readonly state: string
  readonly nonce: string
  readonly browser: Visited
}

/** Opens the login route in a browser. */
export async function startLogin(app: SalesforceAuth, headers: Visit['headers'] = {}): Promise<Started> {
  const browser = visit('/auth/login', { headers: { host: 'app.example.com', ...headers } })
  const reply = await app.open(browser).handle()
  const query = new URL(reply?.location ?? '').searchParams
  return { state: query.get('state') ?? '', nonce: query.get('nonce') ?? '', browser }
}
