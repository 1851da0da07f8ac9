import { describe, expect, it } from 'vitest'
import { pkceChallenge } from '../../src/crypto/pkce.ts'
import type { SalesforceAuth, SalesforceAuthOptions, Session } from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { cookieHeader, createApp, scriptSalesforce, startLogin, visit } from './scripted-salesforce.ts'

const NAME = '__Host-salesforce.sid'
const OTHER = 'q8W3e7R2t6Y1u5I0o4P9a3S8d2F7g1H6'

/** What a browser holds after a login; `data` makes the session longer. */
async function loggedIn(
  options: SalesforceAuthOptions = {},
  data: Record<string, string> = {},
): Promise<{ app: SalesforceAuth; cookies: Map<string, string> }> {
  await using salesforce = await scriptSalesforce()
  const app = createApp({ ...options, fetch: salesforce.fetch, onLogin: () => data })
  const { state, nonce, browser } = await startLogin(app)
  const answer = await salesforce.tokenAnswer(nonce, {
    access_token: `00Dx0000000BV7z!${'PLANTED.'.repeat(200)}${(await pkceChallenge(state)).repeat(40)}`,
  })
  salesforce.answers['token'] = { body: answer }
  const back = visit(`/auth/callback?code=c&state=${state}`, { headers: { cookie: cookieHeader(browser) } })
  expect(await app.open(back).handle()).toMatchObject({ status: 303 })
  const pairs = cookieHeader(back)
    .split('; ')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)
  return { app, cookies: new Map(pairs) }
}

async function session(
  app: SalesforceAuth,
  cookies: ReadonlyMap<string, string> | string,
): Promise<Session | undefined> {
  const cookie =
    typeof cookies === 'string' ? cookies : [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return app.open(visit('/', { headers: { cookie } })).auth.session()
}

const long = { a: 'x'.repeat(1_900) }
type Cookies = Map<string, string>
const changed = (cookies: Cookies, name: string, change: (value: string) => string): Cookies =>
  new Map(cookies).set(name, change(cookies.get(name) ?? ''))
const without = (cookies: Cookies, name: string): Cookies => new Map([...cookies].filter(([each]) => each !== name))

describe('a session cookie', () => {
  it('of several chunks is read whatever their order and company', async () => {
    const { app, cookies } = await loggedIn({}, long)
    expect([...cookies.keys()].filter((name) => name.startsWith(NAME)).length).toBeGreaterThan(1)
    const mixed = new Map([['other', 'x'], ...[...cookies].toReversed(), [`${NAME}x`, 'y']])
    expect(await session(app, mixed)).toMatchObject({ orgId: '00Dx0000000BV7zEAG', data: long })
  })

  it.each<[what: string, change: (cookies: Cookies) => Cookies | string]>([
    ['truncated', (cookies) => changed(cookies, NAME, (value) => value.slice(0, -5))],
    ['with a truncated chunk', (cookies) => changed(cookies, `${NAME}.1`, (value) => value.slice(0, -5))],
    [
      'with a character exchanged',
      (cookies) =>
        changed(
          cookies,
          NAME,
          (value) => `${value.slice(0, 2_000)}${value[2_000] === 'A' ? 'B' : 'A'}${value.slice(2_001)}`,
        ),
    ],
    ['with a chunk missing', (cookies) => without(cookies, `${NAME}.1`)],
    ['with its first chunk missing', (cookies) => without(cookies, NAME)],
    [
      'with its chunks exchanged',
      (cookies) =>
        changed(
          changed(cookies, NAME, () => cookies.get(`${NAME}.1`) ?? ''),
          `${NAME}.1`,
          () => cookies.get(NAME) ?? '',
        ),
    ],
    [
      'with another count of chunks',
      (cookies) => changed(cookies, NAME, (value) => value.replace(/^\d/, (count) => String(Number(count) - 1))),
    ],
    ['with a count beyond any', (cookies) => changed(cookies, NAME, (value) => value.replace(/^\d/, '9'))],
    ['without a count', (cookies) => changed(cookies, NAME, (value) => value.slice(2))],
    ['empty', () => `${NAME}=`],
    ['of garbage', () => `${NAME}=garbage`],
    ['of 100 KB', () => `${NAME}=${'x'.repeat(100_000)}`],
    ['of dots', () => `${NAME}=${'.'.repeat(10_000)}`],
    ['of percent signs', () => `${NAME}=%%%E0%A4%A`],
    ['in quotes', (cookies) => changed(cookies, NAME, (value) => `"${value}"`)],
    [
      'under another name',
      (cookies) => new Map([...cookies].map(([name, value]) => [name.replace('salesforce', 'partner'), value])),
    ],
    [
      'without its prefix',
      (cookies) => new Map([...cookies].map(([name, value]) => [name.replace('__Host-', ''), value])),
    ],
    ['in a header that is only semicolons', () => ';'.repeat(10_000)],
  ])('%s counts as absent', async (_what, change) => {
    const { app, cookies } = await loggedIn({}, long)
    expect(await session(app, change(cookies))).toBeUndefined()
  })

  it('with another key counts as absent', async () => {
    const { cookies } = await loggedIn()
    expect(await session(createApp({ session: { secret: OTHER } }), cookies)).toBeUndefined()
    const rotated = [OTHER, 'PLANTED-session-secret-k3J9vQ2mX7pL5tR8w']
    expect(await session(createApp({ session: { secret: rotated } }), cookies)).toMatchObject({
      userId: '005x00000012Q9PAAU',
    })
  })

  it('of another instance counts as absent, with the same secret', async () => {
    const { cookies } = await loggedIn({ name: 'partner' })
    const renamed = new Map([...cookies].map(([name, value]) => [name.replace('partner', 'salesforce'), value]))
    expect(await session(createApp(), renamed)).toBeUndefined()
  })

  it('is not a transaction cookie in its place', async () => {
    const app = createApp()
    const { browser } = await startLogin(app)
    const [pair = ''] = cookieHeader(browser).split('; ')
    expect(await session(app, `${NAME}=${pair.slice(pair.indexOf('=') + 1)}`)).toBeUndefined()
  })

  it('with a chunk of an earlier session counts as absent', async () => {
    const [one, two] = [await loggedIn({}, long), await loggedIn({}, long)]
    expect(
      await session(
        one.app,
        changed(one.cookies, `${NAME}.1`, () => two.cookies.get(`${NAME}.1`) ?? ''),
      ),
    ).toBeUndefined()
    expect(await session(one.app, one.cookies)).toBeDefined()
  })
})

describe('the key to a stored session', () => {
  const store = memoryStore()
  const stored = { session: { secret: OTHER, store } }

  it.each<[what: string, change: (value: string) => string]>([
    ['truncated', (value) => value.slice(0, -1)],
    ['with another end', (value) => value.slice(0, -1) + (value.endsWith('A') ? 'B' : 'A')],
    ['of somebody else', () => 'A'.repeat(43)],
    ['of garbage', () => '../../x'],
    ['empty', () => ''],
    ['of 100 KB', () => 'A'.repeat(100_000)],
  ])('%s opens nothing', async (_what, change) => {
    const { app, cookies } = await loggedIn(stored)
    expect(await session(app, cookies)).toBeDefined()
    expect(await session(app, changed(cookies, NAME, change))).toBeUndefined()
  })

  it('opens nothing under another secret', async () => {
    const { cookies } = await loggedIn(stored)
    expect(await session(createApp({ session: { secret: `${OTHER}2`, store } }), cookies)).toBeUndefined()
  })
})
