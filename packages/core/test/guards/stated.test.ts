import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coversScope } from '../../src/auth/scopes.ts'
import {
  allOf,
  anyOf,
  ConfigError,
  requiresAuth,
  requiresCustomPermission,
  requiresOrg,
  requiresPermissionSet,
  requiresProfile,
  requiresScope,
  requiresUserType,
} from '../../src/index.ts'
import type { Guard } from '../../src/index.ts'
import { openStage, verdict } from './stage.ts'

describe('granted scopes cover', () => {
  it.each([
    ['api', 'api', true],
    ['api', 'chatter_api', true],
    ['chatter_api', 'api', false],
    ['web', 'visualforce', true],
    ['id', 'email', true],
    ['email', 'id', false],
    ['refresh_token', 'offline_access', true],
    ['offline_access', 'refresh_token', true],
    ['full', 'api', true],
    ['full', 'custom_permissions', true],
    ['full', 'refresh_token', false],
    ['full', 'offline_access', false],
    ['full refresh_token', 'offline_access', true],
    ['full', 'orders_write', false],
    ['full orders_write', 'orders_write', true],
    ['api', 'API', false],
    ['apis', 'api', false],
    ['', 'api', false],
  ])('%j %s: %s', (granted, needed, covered) => {
    expect(coversScope(granted.split(' '), needed)).toBe(covered)
  })

  it('nothing that is named like a member of every object', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(coversScope([name], 'api')).toBe(false)
      expect(coversScope(['api', 'full'], name)).toBe(false)
    }
  })

  it('no less when more is granted', () => {
    const scope = fc.constantFrom('api', 'web', 'id', 'full', 'email', 'refresh_token', 'chatter_api', 'orders')
    fc.assert(
      fc.property(fc.array(scope), scope, scope, (granted, more, needed) => {
        expect(!coversScope(granted, needed) || coversScope([...granted, more], needed)).toBe(true)
      }),
    )
  })
})

const ORG = '00D5e000001AbCdEAK'
const factories: [string, (names: never) => Guard, string][] = [
  ['requiresScope', requiresScope, 'api'],
  ['requiresOrg', requiresOrg, 'sandbox'],
  ['requiresProfile', requiresProfile, 'Sales Rep'],
  ['requiresPermissionSet', requiresPermissionSet, 'Reports'],
  ['requiresCustomPermission', requiresCustomPermission, 'Export_Data'],
  ['requiresUserType', requiresUserType, 'STANDARD'],
]

describe.each(factories)('%s', (name, make, good) => {
  it.each([[[]], [''], [['']], [[good, '']], [undefined], [null], [7], [[undefined]], [{}]])(
    'refuses %j when it is made, by its name',
    (names) => {
      const attempt = (): unknown => make(names as never)
      expect(attempt).toThrow(ConfigError)
      expect(attempt).toThrow(new RegExp(`^${name}: `))
    },
  )

  it('takes one name or a list', () => {
    expect(make(good as never)).toBeTypeOf('function')
    expect(make([good] as never)).toBeTypeOf('function')
  })
})

it.each([
  ['an org by 15 characters', () => requiresOrg('00D5e000001AbCd')],
  ['an org id with a typing error', () => requiresOrg('00D5e000001AbCdEAX')],
  ['an id that is no org', () => requiresOrg('0055e000001AbCdEAK')],
  ['a type as queries spell it', () => requiresUserType('Standard')],
  ['several scopes in one text', () => requiresScope('api web')],
  ['a permission by its label', () => requiresCustomPermission('Export data')],
  ['no guards to all of', () => allOf()],
  ['no guards to any of', () => anyOf()],
  ['something else than a guard', () => allOf(requiresAuth as never, 'api' as never)],
])('%s is refused when the guard is made', (_, make) => {
  expect(make).toThrow(ConfigError)
})

describe('what the token itself says', () => {
  it('is judged without asking anybody', async () => {
    const guards = {
      '/api': requiresScope(['api', 'chatter_api', 'offline_access']),
      '/web': requiresScope(['api', 'web']),
      '/here': requiresOrg([ORG, '00D000000000001EAA']),
      '/elsewhere': requiresOrg('00D000000000001EAA'),
      '/both': allOf(requiresScope('api'), requiresOrg(ORG)),
      '/one-lacks': allOf(requiresScope('api'), requiresScope('web'), requiresOrg('00D000000000001EAA')),
      '/either': anyOf(requiresScope('web'), requiresOrg(ORG)),
      '/neither': anyOf(requiresScope('web'), requiresOrg('00D000000000001EAA')),
    }
    await using stage = await openStage(guards, { org: { id: ORG } })
    const browser = await stage.login()
    stage.forget()
    const verdicts = await Promise.all(
      Object.keys(guards).map(async (path) => [path, await verdict(await browser.get(path))]),
    )
    expect(Object.fromEntries(verdicts)).toEqual({
      '/api': '200',
      '/web': '403 request/forbidden scope',
      '/here': '200',
      '/elsewhere': '403 request/forbidden org',
      '/both': '200',
      '/one-lacks': '403 request/forbidden scope',
      '/either': '200',
      '/neither': '403 request/forbidden scope',
    })
    expect(stage.asked()).toEqual([])
    const response = await browser.get('/web')
    expect(await response.json()).toMatchObject({ requirement: 'scope', scope: 'api web' })
  })

  it('sends nobody to two logins at once', async () => {
    await using stage = await openStage({ '/either': anyOf(requiresScope('web'), requiresOrg(ORG), requiresAuth()) })
    const response = await stage.browser().get('/either')
    expect(response.status).toBe(302)
    expect(response.headers.getSetCookie().filter((line) => line.includes('.tx'))).toHaveLength(1)
  })
})

describe('alternatives', () => {
  it('do not hide a mistake in a guard', async () => {
    const broken: Guard = async () => {
      throw new TypeError('x is not a function')
    }
    await using stage = await openStage({ '/': anyOf(broken, requiresAuth()) })
    expect((await (await stage.login()).get('/')).status).toBe(500)
  })
})
