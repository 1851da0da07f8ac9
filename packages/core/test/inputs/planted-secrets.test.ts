import { inspect } from 'node:util'
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { LogEvent, SalesforceAuth, SalesforceAuthOptions } from '../../src/index.ts'
import { createSalesforceAuth } from '../../src/node.ts'
import { memoryStore } from '../../src/store/memory.ts'
import {
  CLIENT_SECRET,
  cookieHeader,
  createApp,
  scriptSalesforce,
  SECRET,
  startLogin,
  visit,
} from './scripted-salesforce.ts'
import type { Answer, ScriptedSalesforce, Visited } from './scripted-salesforce.ts'

const ACCESS = '00Dx0000000BV7z!PLANTED.access.token'
const CODE = 'aPrxPLANTEDcode0123456789abcdef=='
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
const refused = { status: 401, body: '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]' }

/** What one failure let out: the errors thrown, the events logged, the replies without their cookies and addresses. */
class Leaks {
  readonly log: LogEvent[] = []
  readonly said: string[] = []
  /** Whatever is a secret of this run beyond what is recognisable by the word PLANTED. */
  readonly secrets: string[] = []

  async watch(work: () => Promise<unknown>): Promise<void> {
    const outcome: unknown = await work().catch((error: unknown) => {
      this.said.push(inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error), String(error))
      for (let each = error; each instanceof Error; each = each.cause) this.said.push(each.message, String(each.stack))
      return undefined
    })
    if (typeof outcome !== 'object' || outcome === null) return
    const { location: _, ...rest } = { location: '', ...outcome }
    if ('status' in rest) this.said.push(inspect(rest, { depth: 10 }))
  }

  /** Notes the cookies of a browser, and what its login keeps. */
  note(browser: Visited, ...more: string[]): void {
    const values = [...browser.lines.values()].map((line) => line.slice(line.indexOf('=') + 1, line.indexOf(';')))
    this.secrets.push(...values, ...more)
  }

  found(): string[] {
    const everything = [...this.said, ...this.log.map((event) => JSON.stringify(event))].join('\n')
    const known = [...this.secrets, pem.split('\n')[1] ?? pem].filter((secret) => secret.length > 8)
    return [
      ...(everything.match(/.{0,60}PLANTED.{0,20}/g) ?? []),
      ...known.filter((secret) => everything.includes(secret)),
    ]
  }
}

interface Stage {
  readonly leaks: Leaks
  readonly app: SalesforceAuth
  readonly salesforce: ScriptedSalesforce
}

function stage(salesforce: ScriptedSalesforce, options: SalesforceAuthOptions = {}): Stage {
  const leaks = new Leaks()
  const fetch: typeof globalThis.fetch = (input, init) => {
    const sent = init?.body instanceof URLSearchParams ? init.body : new URLSearchParams()
    leaks.secrets.push(sent.get('code_verifier') ?? '', sent.get('client_assertion') ?? '')
    return salesforce.fetch(input, init)
  }
  return { leaks, salesforce, app: createApp({ fetch, ...options }, leaks.log) }
}

/** A login up to its callback; answers the browser that came back. */
async function comeBack({ leaks, app, salesforce }: Stage, token?: Answer | 'cut'): Promise<Visited> {
  const { state, nonce, browser } = await startLogin(app)
  salesforce.answers['token'] = token ?? { body: await salesforce.tokenAnswer(nonce) }
  const query = new URLSearchParams({ code: CODE, state }).toString()
  const back = visit(`/auth/callback?${query}`, { headers: { host: 'app.example.com', cookie: cookieHeader(browser) } })
  leaks.note(browser, state, nonce)
  await leaks.watch(() => app.open(back).handle())
  leaks.note(back)
  return back
}

const html = { status: 503, body: `<html>${CODE} ${CLIENT_SECRET} ${ACCESS}</html>` }
const oauthError = (error: string): Answer => ({
  status: 400,
  body: JSON.stringify({
    error,
    error_description: `no: ${ACCESS} ${CODE} client_secret=${CLIENT_SECRET} Bearer ${ACCESS}`,
  }),
})

const talkativeFetch: typeof globalThis.fetch = (_url, init) => {
  const data = init?.body instanceof URLSearchParams ? init.body.toString() : ''
  return Promise.reject(Object.assign(new Error(`failed: ${data}`), { request: init, config: { data } }))
}

describe('nothing planted comes out of a login that fails', () => {
  it.each<[what: string, token: Answer | 'cut']>([
    ['the connection breaks', 'cut'],
    ['a page comes', html],
    ['a page comes as success', { ...html, status: 200 }],
    ['an error comes that quotes secrets', oauthError('invalid_grant')],
    ['an error comes that nobody knows', oauthError('brand_new')],
    ['a redirect comes', { status: 302, headers: { location: `https://evil.example/?code=${CODE}` } }],
    ['too much comes', { body: CODE.repeat(50_000) }],
    ['no JSON comes', { body: `{"access_token":"${ACCESS}"` }],
    ['no instance comes', { body: JSON.stringify({ access_token: ACCESS }) }],
    [
      'a foreign instance comes',
      { body: JSON.stringify({ access_token: ACCESS, instance_url: `https://evil.example/${ACCESS}` }) },
    ],
    ['a token comes that no header can carry', { body: JSON.stringify({ access_token: `${ACCESS}\n` }) }],
    [
      'an ID token comes that is none',
      {
        body: JSON.stringify({
          access_token: ACCESS,
          instance_url: 'https://acme.my.salesforce.com',
          id_token: 'PLANTED.PLANTED.PLANTED',
        }),
      },
    ],
  ])('%s', async (_what, token) => {
    await using salesforce = await scriptSalesforce()
    const scene = stage(salesforce)
    await comeBack(scene, token)
    expect(scene.leaks.said.length).toBeGreaterThan(0)
    expect(scene.leaks.found()).toEqual([])
  })

  it.each<[what: string, change: object]>([
    ['the signature is wrong', { signature: 'PLANTEDsignature' }],
    ['the user is another', { id: 'https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9QAAU' }],
    ['the ID token belongs to another access token', { id_token: undefined }],
  ])('%s', async (_what, change) => {
    await using salesforce = await scriptSalesforce()
    const scene = stage(salesforce)
    await comeBack(scene, { body: await salesforce.tokenAnswer('PLANTED-other-nonce', change) })
    expect(scene.leaks.said.length).toBeGreaterThan(0)
    expect(scene.leaks.found()).toEqual([])
  })

  it.each<[what: string, answers: Record<string, Answer | 'cut'>]>([
    ['keys are a page', { keys: html }],
    ['keys are cut off', { keys: 'cut' }],
    ['keys are others', { keys: { body: '{"keys":[]}' } }],
    ['keys and revocation are cut off', { keys: 'cut', revoke: 'cut' }],
    [
      'revocation is refused in words',
      { keys: 'cut', revoke: { status: 400, body: `error=server&error_description=${ACCESS}` } },
    ],
  ])('%s', async (_what, answers) => {
    await using salesforce = await scriptSalesforce()
    const scene = stage(salesforce)
    Object.assign(salesforce.answers, answers)
    await comeBack(scene)
    expect(scene.leaks.said.length).toBeGreaterThan(0)
    expect(scene.leaks.found()).toEqual([])
  })

  it.each<[what: string, options: SalesforceAuthOptions]>([
    ['the org may not log in', { allowedOrgs: ['00Dx0000000BV7yEAG'] }],
    ['the private key is broken', { privateKey: `-----BEGIN PRIVATE KEY-----\nPLANTED\n-----END PRIVATE KEY-----` }],
    ['the app signs assertions', { privateKey: pem, allowedOrgs: ['00Dx0000000BV7yEAG'] }],
    ['a hook refuses', { onLogin: () => Promise.reject(new Error('no')) }],
    ['a hook answers nonsense', { onLogin: () => ({ big: 'x'.repeat(5_000) }) }],
    ['the network is a library that tells everything', { fetch: talkativeFetch }],
    [
      'the store tells what it was given',
      {
        session: {
          secret: SECRET,
          store: {
            ...memoryStore(),
            set: (key, value) =>
              Promise.reject(Object.assign(new Error('READONLY'), { command: ['SET', key, value, ACCESS] })),
          },
        },
      },
    ],
  ])('%s', async (_what, options) => {
    await using salesforce = await scriptSalesforce()
    const scene = stage(salesforce, options)
    await comeBack(scene)
    expect(scene.leaks.said.length).toBeGreaterThan(0)
    expect(scene.leaks.found()).toEqual([])
  })

  it.each([
    `error=invalid_grant&error_description=${ACCESS}`,
    `error=${CODE}&error_description=client_secret%3D${CLIENT_SECRET}`,
    `code=${CODE}&sfdc_community_url=https://evil.example/${ACCESS}`,
    'code=',
  ])('the callback brings %.30s', async (query) => {
    await using salesforce = await scriptSalesforce()
    const { leaks, app } = stage(salesforce)
    const { state, nonce, browser } = await startLogin(app)
    leaks.note(browser, state, nonce)
    const headers = { host: 'app.example.com', cookie: cookieHeader(browser) }
    await leaks.watch(() => app.open(visit(`/auth/callback?${query}&state=${state}`, { headers })).handle())
    await leaks.watch(() => app.open(visit(`/auth/callback?${query}&state=${state}x`, { headers })).handle())
    expect(leaks.said.length).toBeGreaterThan(3)
    expect(leaks.found()).toEqual([])
  })
})

describe('nothing planted comes out of a session in which calls fail', () => {
  const homes: [home: string, options: () => SalesforceAuthOptions][] = [
    ['a cookie', () => ({})],
    ['a store', () => ({ session: { secret: SECRET, store: memoryStore() } })],
  ]
  const failures: [what: string, answers: Record<string, Answer | 'cut'>][] = [
    ['everything is cut off', { '*': 'cut', token: 'cut', introspect: 'cut', userinfo: 'cut', revoke: 'cut' }],
    ['everything is a page', { '*': html, token: html, introspect: html, userinfo: html, revoke: html }],
    [
      'renewal is refused',
      { '*': refused, userinfo: refused, token: oauthError('invalid_grant'), revoke: oauthError('x') },
    ],
    ['renewal is cut off', { '*': refused, userinfo: refused, token: 'cut' }],
    [
      'renewal brings another org',
      {
        '*': refused,
        token: {
          body: JSON.stringify({
            access_token: `${ACCESS}2`,
            instance_url: 'https://acme.my.salesforce.com',
            id: 'https://login.salesforce.com/id/00Dx0000000BV7yEAG/005x00000012Q9PAAU',
          }),
        },
      },
    ],
    [
      'the user is described as somebody else',
      { userinfo: { body: `{"user_id":"${ACCESS}"}` }, '*': { body: `{"user_id":"${ACCESS}"}` } },
    ],
  ]
  const table = homes.flatMap(([home, options]) =>
    failures.map(([what, answers]) => ({ home, options, what, answers })),
  )

  it.each(table)('in $home, when $what', async ({ options, answers }) => {
    await using salesforce = await scriptSalesforce()
    const scene = stage(salesforce, options())
    const { leaks, app } = scene
    const back = await comeBack(scene)
    expect(cookieHeader(back)).toContain('__Host-salesforce.sid')
    Object.assign(salesforce.answers, answers)
    const open = () => app.open(visit('/page', { headers: { cookie: cookieHeader(back) } })).auth
    await leaks.watch(() => open().fetch('/services/data'))
    await leaks.watch(() => open().fetch('https://evil.example/'))
    await leaks.watch(() =>
      open().fetch('/x', { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit),
    )
    await leaks.watch(() => open().identity())
    await leaks.watch(() => open().userinfo())
    await leaks.watch(() => open().introspect())
    await leaks.watch(() => open().saveData({ a: 'x'.repeat(5_000) }))
    await leaks.watch(() => open().challenge())
    await leaks.watch(() => open().logout())
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(leaks.said.length).toBeGreaterThan(3)
    expect(leaks.found()).toEqual([])
  })
})

describe('nothing planted comes out of options that are refused', () => {
  it.each<[what: string, options: object]>([
    ['a token as the login URL', { loginUrl: ACCESS }],
    ['a secret with a blank', { clientSecret: `${CLIENT_SECRET} ` }],
    ['a secret as the base URL', { baseUrl: CLIENT_SECRET }],
    ['a password in the login URL', { loginUrl: `https://u:${CLIENT_SECRET}@acme.my.salesforce.com` }],
    ['a password in the base URL', { baseUrl: `https://u:${CLIENT_SECRET}@app.example.com/?x=${CODE}` }],
    ['a broken key', { privateKey: `PLANTED${pem}` }],
    ['a short session secret', { session: { secret: 'PLANTED' } }],
    ['a secret among trusted hosts', { trustedHosts: [CLIENT_SECRET, ACCESS] }],
    ['a secret as scope', { scope: `api ${ACCESS}` }],
    ['a secret as name', { name: CLIENT_SECRET }],
    ['a secret among orgs', { allowedOrgs: [ACCESS] }],
    ['a secret as a route', { routes: { login: `/${ACCESS}!` } }],
  ])('%s', async (_what, options) => {
    const leaks = new Leaks()
    const usual = {
      clientId: 'c',
      clientSecret: CLIENT_SECRET,
      loginUrl: 'https://acme.my.salesforce.com',
      baseUrl: 'https://app.example.com',
      session: { secret: SECRET },
    }
    await leaks.watch(async () => createSalesforceAuth({ ...usual, ...options }, {}))
    expect(leaks.said.length).toBeGreaterThan(0)
    expect(leaks.found()).toEqual([])
  })
})

it('what looks for secrets finds them', async () => {
  const leaks = new Leaks()
  await leaks.watch(() => Promise.reject(Object.assign(new Error('x'), { deep: { down: ACCESS } })))
  leaks.secrets.push('a-cookie-value')
  await leaks.watch(() => Promise.resolve({ status: 200, headers: { x: 'a-cookie-value' } }))
  expect(leaks.found().length).toBeGreaterThanOrEqual(2)
})
