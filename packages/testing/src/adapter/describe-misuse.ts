import { describe, expect, it } from 'vitest'

type Unchecked = (...given: readonly unknown[]) => unknown

const GUARDS = [
  ['requiresOrg', 'sandbox'],
  ['requiresProfile', 'Sales'],
  ['requiresPermissionSet', 'Reports'],
  ['requiresCustomPermission', 'Export'],
  ['requiresScope', 'api'],
  ['requiresUserType', 'STANDARD'],
] as const
const BARE = ['requiresAuth', 'requiresBearer', 'requiresSameOrigin'] as const

/** What an adapter whose guards are functions exports, as far as it can be written wrongly. */
export type GuardExports = Readonly<Record<(typeof GUARDS)[number][0] | (typeof BARE)[number], unknown>>

/** Holds an adapter's guards to refusing, where they are made, what types cannot. `refusal` is the class of the error. */
export function describeMisuse(adapter: GuardExports, refusal: new (...given: never[]) => Error): void {
  describe('a guard that is written wrongly', () => {
    it.each(GUARDS)('%s takes several values as a list only', (name, value) => {
      const guard = adapter[name] as Unchecked
      expect(() => guard(value, 'web')).toThrow(refusal)
      expect(() => guard(value, 'web')).toThrow("'web'")
      expect(() => guard([value, value], { name: 'partner' })).not.toThrow()
    })

    it.each(BARE)('%s in place of a middleware, without parentheses, says so', (name) => {
      expect(() => (adapter[name] as Unchecked)({ url: '/' }, {}, () => undefined)).toThrow(refusal)
    })
  })
}
