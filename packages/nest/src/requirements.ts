import * as core from '@orgpass/core'
import { Requires } from './access.ts'
import type { AccessDecorator } from './access.ts'
import type { InstanceOptions } from './instance.ts'

type OneOrMore = string | readonly string[]

/** Demands a request of a page of this app: for every handler that changes something. */
export function RequiresSameOrigin(options?: InstanceOptions): AccessDecorator {
  return Requires(core.requiresSameOrigin(), options)
}

/** Demands every one of the scopes. */
export function RequiresScope(scopes: OneOrMore, options?: InstanceOptions): AccessDecorator {
  return Requires(core.requiresScope(scopes), options)
}

/** Demands one of the orgs, by 18-character ids, or any sandbox or production org. */
export function RequiresOrg(orgs: OneOrMore | 'sandbox' | 'production', options?: InstanceOptions): AccessDecorator {
  return Requires(core.requiresOrg(orgs), options)
}

/** Demands one of the profiles, by name. */
export function RequiresProfile(names: OneOrMore, options?: InstanceOptions): AccessDecorator {
  return Requires(core.requiresProfile(names), options)
}

/** Demands every one of the permission sets or groups, by API name, of a user who may view Setup. */
export function RequiresPermissionSet(names: OneOrMore, options?: InstanceOptions): AccessDecorator {
  return Requires(core.requiresPermissionSet(names), options)
}

/** Demands every one of the custom permissions, by API name; needs the scope `custom_permissions`. */
export function RequiresCustomPermission(names: OneOrMore, options?: InstanceOptions): AccessDecorator {
  return Requires(core.requiresCustomPermission(names), options)
}

/** Demands one of the types of user, such as `STANDARD` or `POWER_PARTNER`. */
export function RequiresUserType(types: OneOrMore, options?: InstanceOptions): AccessDecorator {
  return Requires(core.requiresUserType(types), options)
}
