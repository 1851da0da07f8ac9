import { ConfigError } from '@orgpass/core'
import { expect, it } from 'vitest'
import * as adapter from '../src/index.ts'

type Unchecked = (...given: readonly unknown[]) => unknown
const { requiresAuth, requiresBearer, requiresSameOrigin, ...guards } = adapter

it.each([
  ['requiresOrg', 'sandbox'],
  ['requiresProfile', 'Sales'],
  ['requiresPermissionSet', 'Reports'],
  ['requiresCustomPermission', 'Export'],
  ['requiresScope', 'api'],
  ['requiresUserType', 'STANDARD'],
] as const)('%s takes several values as a list only', (name, value) => {
  const guard = guards[name] as Unchecked
  expect(() => guard(value, 'web')).toThrow(ConfigError)
  expect(() => guard(value, 'web')).toThrow("'web'")
  expect(() => guard([value, value], { name: 'partner' })).not.toThrow()
})

it.each(Object.entries({ requiresAuth, requiresBearer, requiresSameOrigin }))(
  '%s in place of a middleware, without parentheses, says so',
  (_, guard) => {
    expect(() => (guard as Unchecked)({ url: '/' }, {}, () => undefined)).toThrow(ConfigError)
  },
)
