import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSimulator, parseSeed, type Seed, SeedError, type SeedFault } from '../src/index.ts'
import { defaultSeed } from '../src/seed/default-seed.ts'
import { logIn } from './login-story.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const user = { username: 'u@globex.example' }
const org = { name: 'Globex', users: [user] }
const app = { label: 'Mine', callbackUrls: ['https://app.example/cb'] }

function faultsOf(seed: unknown): readonly SeedFault[] {
  try {
    parseSeed(seed)
    return []
  } catch (error) {
    if (error instanceof SeedError) return error.faults
    throw error
  }
}

const inOrg = (changes: object): unknown => ({ orgs: [{ ...org, ...changes }] })
const inUser = (changes: object): unknown => ({ orgs: [{ ...org, users: [{ ...user, ...changes }] }] })
const inApp = (changes: object): unknown => ({ apps: [{ ...app, ...changes }] })
const inRecords = (records: object): unknown => inOrg({ records })

describe('a bad seed', () => {
  it.each([
    ['text instead of an object', 'hello', 'seed', /must be an object/, /\{"orgs"/],
    ['null', null, 'seed', /must be an object/, /\{"orgs"/],
    ['an unknown member', { org: [] }, 'org', /unknown/, /Known: defaults, orgs, apps/],
    ['orgs as an object', { orgs: {} }, 'orgs', /must be a list/, /List orgs/],
    ['an org without a name', { orgs: [{ users: [user] }] }, 'orgs[0].name', /missing/, /double quotes/],
    ['an org with an empty name', inOrg({ name: ' ' }), 'orgs[0].name', /empty/, /name/],
    ['an org without users', inOrg({ users: [] }), 'orgs[0].users', /empty/, /at least one user/],
    ['an unknown kind', inOrg({ kind: 'scratch' }), 'orgs[0].kind', /"production" or "sandbox"/, /one of these/],
    ['a misspelt member', inOrg({ mydomain: 'x' }), 'orgs[0].mydomain', /unknown/, /myDomain/],
    ['an org id of another object', inOrg({ id: '005000000000001' }), 'orgs[0].id', /record id/, /00D/],
    ['an org id with a wrong checksum', inOrg({ id: '00Dx0000000BV7zAAA' }), 'orgs[0].id', /record id/, /checksum/],
    ['a My Domain with capitals', inOrg({ myDomain: 'Globex' }), 'orgs[0].myDomain', /My Domain/, /lower-case/],
    ['a sandbox without --', inOrg({ kind: 'sandbox', myDomain: 'globex' }), 'orgs[0].myDomain', /kind/, /--sandbox/],
    ['a production org with --', inOrg({ myDomain: 'a--b' }), 'orgs[0].myDomain', /kind/, /double hyphen/],
    ['a session of a minute', inOrg({ sessionTimeout: 60_000 }), 'orgs[0].sessionTimeout', /between/, /milliseconds/],
    ['a session as text', inOrg({ sessionTimeout: '2h' }), 'orgs[0].sessionTimeout', /number/, /without quotes/],
    ['a flag as text', inOrg({ apiEnabled: 'yes' }), 'orgs[0].apiEnabled', /true or false/, /without quotes/],
    ['the name of the default org', inOrg({ name: 'Acme', myDomain: 'x' }), 'orgs[0].name', /taken/, /"defaults"/],
    ['the My Domain of the default org', inOrg({ myDomain: 'acme' }), 'orgs[0].myDomain', /taken/, /another/],
    [
      'a site path with a slash',
      inOrg({ sites: [{ name: 'S', path: '/s' }] }),
      'orgs[0].sites[0].path',
      /site/,
      /without slashes/,
    ],
    [
      'a reserved site path',
      inOrg({ sites: [{ name: 'S', path: 'services' }] }),
      'orgs[0].sites[0].path',
      /site/,
      /taken/,
    ],
    [
      'two sites at one path',
      inOrg({
        sites: [
          { name: 'A', path: 's' },
          { name: 'B', path: 's' },
        ],
      }),
      'orgs[0].sites[1].path',
      /taken/,
      /another/,
    ],
    ['a username without @', inUser({ username: 'ada' }), 'orgs[0].users[0].username', /username/, /look like e-mail/],
    [
      'a username of the default org',
      inUser({ username: 'ADA@acme.example' }),
      'orgs[0].users[0].username',
      /taken/,
      /another/,
    ],
    ['a username twice', inOrg({ users: [user, user] }), 'orgs[0].users[1].username', /taken/, /another/],
    ['an empty password', inUser({ password: '' }), 'orgs[0].users[0].password', /empty/, /"simulator"/],
    ['an unknown time zone', inUser({ timezone: 'Mars' }), 'orgs[0].users[0].timezone', /time zone/, /Europe\/Berlin/],
    ['a user of no site', inUser({ site: 'nowhere' }), 'orgs[0].users[0].site', /unknown site/, /path of one/],
    [
      'permission sets as text',
      inUser({ permissionSets: 'A' }),
      'orgs[0].users[0].permissionSets',
      /list/,
      /square brackets/,
    ],
    ['an app without callbacks', inApp({ callbackUrls: [] }), 'apps[0].callbackUrls', /empty/, /at least one/],
    ['an app that has none', { apps: [{ label: 'Mine' }] }, 'apps[0].callbackUrls', /missing/, /"userAgent": false/],
    ['a relative callback', inApp({ callbackUrls: ['/cb'] }), 'apps[0].callbackUrls[0]', /callback/, /https/],
    [
      'a callback over http',
      inApp({ callbackUrls: ['http://app.example/cb'] }),
      'apps[0].callbackUrls[0]',
      /callback/,
      /localhost/,
    ],
    [
      'a callback that is a script',
      inApp({ callbackUrls: ['javascript:alert(1)'] }),
      'apps[0].callbackUrls[0]',
      /callback/,
      /https/,
    ],
    ['scopes in one text', inApp({ scopes: ['api openid'] }), 'apps[0].scopes[0]', /scope/, /per entry/],
    ['no scopes', inApp({ scopes: [] }), 'apps[0].scopes', /empty/, /at least one scope/],
    ['a short client id', inApp({ clientId: 'x' }), 'apps[0].clientId', /consumer key/, /10/],
    [
      'a client id twice',
      {
        apps: [
          { ...app, clientId: '3MVG9same0' },
          { ...app, label: 'B', clientId: '3MVG9same0' },
        ],
      },
      'apps[1].clientId',
      /taken/,
      /another/,
    ],
    [
      'a private key as certificate',
      inApp({ certificate: '-----BEGIN PRIVATE KEY-----' }),
      'apps[0].certificate',
      /PEM/,
      /BEGIN CERTIFICATE/,
    ],
    ['an IP range with a typo', inApp({ ipRanges: ['10.0.0.0/99'] }), 'apps[0].ipRanges[0]', /IP/, /10\.0\.0\.0\/8/],
    [
      'an unknown refresh policy',
      inApp({ refreshTokenPolicy: { kind: 'weekly' } }),
      'apps[0].refreshTokenPolicy.kind',
      /not allowed/,
      /untilRevoked/,
    ],
    [
      'an idle policy without time',
      inApp({ refreshTokenPolicy: { kind: 'idle' } }),
      'apps[0].refreshTokenPolicy.afterMs',
      /number|missing/,
      /milliseconds|afterMs/,
    ],
    [
      'a certificate that is a private JWK',
      inApp({ certificate: rsa.privateKey.export({ format: 'jwk' }) }),
      'apps[0].certificate',
      /public JWK/,
      /PEM/,
    ],
    [
      'a certificate of another kind of key',
      inApp({ certificate: ec.publicKey.export({ format: 'jwk' }) }),
      'apps[0].certificate',
      /RSA/,
      /PEM/,
    ],
    ['a certificate that is a number', inApp({ certificate: 7 }), 'apps[0].certificate', /RSA/, /PEM/],
    ['an unknown Run-As user', inApp({ runAs: 'no@body.example' }), 'apps[0].runAs', /unknown user/, /own org/],
    [
      'a Run-As user of another org',
      { orgs: [org], apps: [{ ...app, org: 'Globex', runAs: 'ada@acme.example' }] },
      'apps[0].runAs',
      /unknown user/,
      /own org/,
    ],
    ['half a second between polls', inApp({ devicePollInterval: 1500 }), 'apps[0].devicePollInterval', /whole/, /5000/],
    ['no logins at all', inOrg({ loginsPerHour: 0 }), 'orgs[0].loginsPerHour', /from 1/, /3600/],
    ['an unknown flow', inApp({ flows: { magic: true } }), 'apps[0].flows.magic', /unknown/, /webServer, refreshToken/],
    ['an app of no org', inApp({ org: 'Nowhere' }), 'apps[0].org', /unknown org/, /owns the app/],
    ['no org at all', { defaults: false }, 'orgs', /no org/, /"defaults"/],
    [
      'records of an unknown object',
      inRecords({ Opportunity: [] }),
      'orgs[0].records.Opportunity',
      /no object/,
      /Account, Contact/,
    ],
    [
      'records with an unknown field',
      inRecords({ Account: [{ Name: 'A', Colour: 'red' }] }),
      'orgs[0].records.Account[0].Colour',
      /no field/,
      /Industry/,
    ],
    [
      'an account without a name',
      inRecords({ Account: [{}] }),
      'orgs[0].records.Account[0].Name',
      /missing/,
      /needs a Name/,
    ],
    [
      'a contact of no account',
      inRecords({ Contact: [{ LastName: 'L', Account: 'X' }] }),
      'orgs[0].records.Contact[0].Account',
      /unknown account/,
      /Name of an Account/,
    ],
    [
      'a record owned by nobody',
      inRecords({ Account: [{ Name: 'A', Owner: 'x' }] }),
      'orgs[0].records.Account[0].Owner',
      /unknown user/,
      /username/,
    ],
    [
      'a record with a list in it',
      inRecords({ Account: [{ Name: ['A'] }] }),
      'orgs[0].records.Account[0].Name',
      /not allowed/,
      /numbers, booleans/,
    ],
  ])('with %s says where, what and what to write instead', (...[, seed, path, problem, hint]) => {
    expect(faultsOf(seed)).toEqual([
      { path, problem: expect.stringMatching(problem), hint: expect.stringMatching(hint) },
    ])
  })

  it('lists all faults at once, also in the message', () => {
    const seed = { orgs: [{ name: '', users: [{ username: 'x' }] }], apps: [{ ...app, scopes: [] }] }
    expect(faultsOf(seed).map(({ path }) => path)).toEqual([
      'orgs[0].name',
      'orgs[0].users[0].username',
      'apps[0].scopes',
    ])
    expect(() => createSimulator({ seed })).toThrow(/^The seed has 3 faults:\n {2}orgs\[0\]\.name: is empty\. /)
  })

  it('never repeats a secret', () => {
    const seed = inApp({ clientSecret: 'planted', certificate: '-----BEGIN planted' })
    expect(faultsOf(seed)).toHaveLength(2)
    expect(JSON.stringify(faultsOf(seed))).not.toContain('planted')
  })
})

describe('a good seed', () => {
  it('may be empty, and the default one is good itself', () => {
    expect(parseSeed({})).toEqual({})
    expect(parseSeed({ ...defaultSeed, defaults: false }).orgs).toHaveLength(1)
  })

  it('adds to the defaults, or replaces them', () => {
    const names = (seed: Seed): string[] => createSimulator({ seed }).orgs.map(({ name }) => name)
    expect(names({ orgs: [org] })).toEqual(['Acme', 'Globex'])
    expect(names({ orgs: [org], defaults: false })).toEqual(['Globex'])
  })

  it('gives the same ids on every start, with right checksums', () => {
    const id = (): string => createSimulator({ seed: { orgs: [org] } }).org('Globex').id
    expect(id()).toBe(id())
    expect(createSimulator({ seed: { orgs: [{ ...org, id: '00Dx0000000BV7z' }] } }).org('Globex').id).toBe(
      '00Dx0000000BV7zEAG',
    )
  })

  it('makes the org, its people and its records', async () => {
    const records = {
      Account: [{ Name: 'Blue Ltd', Industry: 'Energy' }],
      Contact: [{ FirstName: 'Jo', LastName: 'Blue', Account: 'Blue Ltd', Owner: user.username }],
    }
    const seed: Seed = {
      defaults: false,
      orgs: [{ ...org, records }],
      apps: [{ ...app, callbackUrls: ['http://localhost:3000/auth/callback'] }],
    }
    const sim = createSimulator({ seed })
    const tokens = await logIn(sim)
    const query = encodeURIComponent('SELECT Name, Account.Name, Owner.Username FROM Contact')
    const headers = { authorization: `Bearer ${tokens['access_token']}` }
    const response = await sim.fetch(new Request(`${sim.org().url}/services/data/v64.0/query?q=${query}`, { headers }))
    expect(await response.json()).toMatchObject({
      totalSize: 1,
      records: [{ Name: 'Jo Blue', Account: { Name: 'Blue Ltd' }, Owner: { Username: user.username } }],
    })
  })

  it('may bring a certificate as PEM or as JWK', () => {
    const { publicKey } = rsa
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    for (const certificate of [pem, publicKey.export({ format: 'jwk' })]) {
      expect(parseSeed(inApp({ certificate })).apps?.[0]?.certificate).toEqual(certificate)
    }
  })

  it('is also what updateApp, updateUser and updateOrg are checked against', () => {
    const sim = createSimulator()
    expect(() => sim.updateApp(sim.app().clientId, { scopes: [] })).toThrow(SeedError)
    expect(() => sim.updateUser('ada@acme.example', { password: '' })).toThrow('password: is empty')
    expect(() => sim.updateOrg('Acme', { sessionTimeout: 1 })).toThrow('sessionTimeout: must be between')
    expect(() => sim.updateOrg('Nowhere', {})).toThrow(RangeError)
  })
})

describe('the default org', () => {
  it('has three people, thirty accounts and forty contacts', async () => {
    const sim = createSimulator()
    const { access_token: token } = await logIn(sim)
    const count = async (type: string): Promise<unknown> => {
      const url = `${sim.org().url}/services/data/v64.0/query?q=${encodeURIComponent(`SELECT COUNT() FROM ${type}`)}`
      const response = await sim.fetch(new Request(url, { headers: { authorization: `Bearer ${token}` } }))
      return ((await response.json()) as { totalSize: number }).totalSize
    }
    expect([await count('User'), await count('Account'), await count('Contact')]).toEqual([3, 30, 40])
  })
})
