import { describe, expect, it } from 'vitest'
import { allOf, anyOf, ConfigError, requiresAuth, requiresBearer, requiresOrg, requiresScope } from '../../src/index.ts'
import type { Guard } from '../../src/index.ts'
import { createSalesforceAuth, readInstance, recallAuth, rememberAuth } from '../../src/node.ts'
import { webExchange } from '../../src/web.ts'

const BASE = 'https://app.example.com'
const options = {
  clientId: 'id',
  clientSecret: 's',
  loginUrl: 'https://a.my.salesforce.com',
  baseUrl: BASE,
  session: { secret: 'cR3p0qWv8Zt1yBn6KmX4sJd7LhG2fAeU' },
}

function thrown(act: () => unknown): ConfigError {
  try {
    act()
  } catch (error) {
    if (error instanceof ConfigError) return error
  }
  throw new Error('No ConfigError was thrown.')
}

describe('the options of a guard', () => {
  it('name an instance, or none', () => {
    expect([readInstance(), readInstance({}), readInstance({ name: 'partner' })]).toEqual([{}, {}, { name: 'partner' }])
  })

  it.each(['web', ['web']])('are refused when they are a second value: %o', (value) => {
    const { message, hint } = thrown(() => readInstance(value))
    expect(message).toContain(typeof value === 'string' ? "'web'" : 'object')
    expect(hint).toContain("give a list: requiresScope(['api', 'web'])")
  })

  class Page {
    show(): void {}
  }
  it.each<[string, unknown]>([
    ['a class', Page],
    ['its prototype', Page.prototype],
    ['a request', { url: '/', method: 'GET' }],
    ['nothing', null],
    ['a name that is no text', { name: 1 }],
  ])('are refused when they are %s, as without parentheses', (_, value) => {
    expect(thrown(() => readInstance(value)).hint).toContain('@RequiresAuth()')
  })
})

it.each<[string, Guard]>([
  ['requiresAuth', requiresAuth()],
  ['requiresBearer', requiresBearer()],
  ['requiresScope', requiresScope('api')],
  ['allOf', allOf(requiresAuth())],
  ['anyOf', anyOf(requiresAuth())],
])('%s of core refuses the context of a framework and says where it goes', async (_, guard) => {
  for (const context of [{ req: {}, res: {}, state: {} }, undefined]) {
    const asked = guard(context as never)
    await expect(asked).rejects.toThrow(ConfigError)
    await expect(asked).rejects.toMatchObject({ hint: expect.stringMatching(/requires\(…\).*@orgpass\/koa/) })
  }
})

it.each([
  [() => requiresOrg('sandbx'), "'sandbx'"],
  [() => requiresOrg(['sandbox', '00D000000000001AAB']), "'00D000000000001AAB'"],
  [() => requiresScope(['api', 'api web']), "'api web'"],
  [() => requiresScope(7 as never), 'a value of type number'],
])('a guard shows what it cannot compare: %#', (create, value) => {
  expect(thrown(create).message).toContain(value)
})

describe('a second instance for a request', () => {
  const first = createSalesforceAuth(options, {})
  const own = { login: '/partner/login', callback: '/partner/callback', logout: '/partner/logout' }

  function mount(second: object): () => void {
    const request = new Request(BASE)
    return () => {
      for (const instance of [first, createSalesforceAuth({ ...options, name: 'partner', ...second }, {})]) {
        rememberAuth(request, instance, instance.open(webExchange(request)).auth)
      }
      expect(recallAuth(request, 'partner')).not.toBe(recallAuth(request, 'salesforce'))
    }
  }

  it('is refused when the first answers its routes', () => {
    const { message, hint } = thrown(mount({}))
    expect(message).toMatch(/\/auth\/login .*'salesforce'.*'partner'/)
    expect(hint).toContain("routes: { login: '/partner/auth/login' }")
  })

  it('is refused when a single route is the same', () => {
    expect(thrown(mount({ routes: { ...own, logout: '/auth/logout' } })).message).toContain('/auth/logout')
  })

  it.each<[string, object]>([
    ['routes of its own', { routes: own }],
    ['another base path', { baseUrl: `${BASE}/partner` }],
    ['a base path that the other has routes under', { baseUrl: `${BASE}/auth` }],
  ])('is welcome with %s', (_, second) => {
    expect(mount(second)).not.toThrow()
  })
})

it('what a bearer option lacks is called missing', () => {
  const bearer = { issuers: ['https://a.my.salesforce.com'] }
  const { faults } = thrown(() => createSalesforceAuth({ ...options, bearer: bearer as never }, {}))
  expect(faults).toMatchObject([
    { option: 'bearer.clientIds', problem: 'is missing', hint: expect.stringContaining('Consumer Keys of the apps') },
  ])
})
