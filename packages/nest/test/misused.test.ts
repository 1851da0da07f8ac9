import { ConfigError } from '@orgpass/core'
import { expect, it } from 'vitest'
import {
  OptionalAuth,
  Public,
  RequiresAuth,
  RequiresBearer,
  RequiresOrg,
  RequiresSameOrigin,
  RequiresScope,
} from '../src/index.ts'

class Page {
  show(): void {}
}

/** What compilers that check no types make of a decorator: a call. */
type Unchecked = (...given: readonly unknown[]) => unknown

it.each(Object.entries({ OptionalAuth, Public, RequiresAuth, RequiresBearer, RequiresSameOrigin, RequiresScope }))(
  '@%s without parentheses is refused when the class is loaded',
  (_, decorator) => {
    const apply = decorator as Unchecked
    expect(() => apply(Page)).toThrow(ConfigError)
    expect(() => apply(Page.prototype, 'show', Object.getOwnPropertyDescriptor(Page.prototype, 'show'))).toThrow(
      ConfigError,
    )
  },
)

it.each(Object.entries({ RequiresOrg: [RequiresOrg, 'sandbox'], RequiresScope: [RequiresScope, 'api'] } as const))(
  '@%s takes several values as a list only',
  (_, [decorator, value]) => {
    expect(() => (decorator as Unchecked)(value, 'production')).toThrow("'production'")
    expect(() => decorator(value, { name: 'partner' })).not.toThrow()
  },
)
