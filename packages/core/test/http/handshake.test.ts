import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { SalesforceAuth } from '@orgpass/core'
import { createSalesforceAuth, handshakeExchange } from '@orgpass/core/node'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ORIGIN = 'http://localhost:3000'

let sim: Simulator
let salesforce: SalesforceAuth
let cookie: string
beforeAll(async () => {
  sim = await startSimulator()
  const { clientId, clientSecret } = sim.app()
  const secret = 'a session secret of the tests, long enough: 0123456789'
  const options = { clientId, clientSecret, loginUrl: sim.org().url, baseUrl: ORIGIN, session: { secret } }
  salesforce = createSalesforceAuth(options, {})
  cookie = await logIn()
})
afterAll(() => sim.close())

async function logIn(): Promise<string> {
  const cookies = new Map<string, string>()
  const visit = (url: string, header: string | undefined): ReturnType<SalesforceAuth['open']> => {
    const exchange = handshakeExchange(request({ cookie: header }, url))
    const setCookie = (name: string, line: string): void => void cookies.set(name, line.slice(0, line.indexOf(';')))
    return salesforce.open({ ...exchange, setCookie, committed: false })
  }
  const { location = '' } = await visit('/', undefined).auth.login()
  const { pathname, search } = await sim.signIn(location)
  await visit(pathname + search, [...cookies.values()].join('; ')).handle()
  return [...cookies.values()].join('; ')
}

function request(headers: Record<string, string | undefined>, url: string = '/live'): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { method: 'GET', url, headers })
}

it('a handshake that a page of this app began has the session of its cookie', async () => {
  const auth = salesforce.openHandshake(handshakeExchange(request({ origin: ORIGIN, cookie, upgrade: 'websocket' })))
  expect(await auth.session()).toMatchObject({ orgId: sim.org().id })
})

it.each(['https://evil.example', 'null', 'http://localhost:3001', `${ORIGIN}/`, undefined])(
  'a handshake from %s has none, whatever cookies came along',
  async (origin) => {
    const auth = salesforce.openHandshake(handshakeExchange(request({ origin, cookie })))
    expect(await auth.session()).toBeUndefined()
    expect(() => auth.requireHandshakeOrigin()).toThrow(/own pages only/)
  },
)

it('what can no longer be kept is not spent', async () => {
  const auth = salesforce.openHandshake(handshakeExchange(request({ origin: ORIGIN, cookie })))
  sim.expireAccessTokens()
  await expect(auth.fetch('/services/data/v64.0/limits')).rejects.toMatchObject({ code: 'session/response-started' })
  await expect(auth.saveData({})).rejects.toMatchObject({ code: 'session/response-started' })
})

it('what outlives the session in the same process has it no longer', async () => {
  const own = await logIn()
  const live = salesforce.openHandshake(handshakeExchange(request({ origin: ORIGIN, cookie: own })))
  expect(await live.session()).toBeDefined()
  await salesforce.open(handshakeExchange(request({ cookie: own }))).auth.logout()
  expect([await live.session(), await live.caller()]).toEqual([undefined, undefined])
  await expect(live.accessToken()).rejects.toMatchObject({ code: 'session/ended' })
})
