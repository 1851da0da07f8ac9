import { applyDecorators, UseGuards } from '@nestjs/common'
import * as core from '@orgpass/core'
import type { Guard } from '@orgpass/core'
import { readInstance, shapeGuard } from '@orgpass/core/node'
import type { InstanceOptions, ShapedGuard } from '@orgpass/core/node'
import { SalesforceGuard } from './guard.ts'
import { addRequirement, SetAccess } from './rules.ts'

/** Goes on a controller, resolver or gateway, or on one of its methods. */
export type AccessDecorator = ClassDecorator & MethodDecorator

/**
 * Lets everybody pass, whatever the class requires. A requirement on the method still holds, and classes that extend an
 * open one are closed until they say the same.
 */
export const Public = (...none: readonly []): AccessDecorator =>
  SetAccess({ entrance: 'public', ...readInstance(...none) })

/**
 * Lets strangers pass whatever the class requires; who is logged in has to fulfil it. What the method requires, and what
 * is required of another instance, holds for strangers, too.
 */
export const OptionalAuth = (options?: InstanceOptions): AccessDecorator =>
  SetAccess({ entrance: 'optional', ...readInstance(options) })

/** Demands a login, as the guard does by itself: for a method of a public class, or for another instance. */
export const RequiresAuth = (options?: InstanceOptions): AccessDecorator =>
  guarded(SetAccess({ entrance: 'session', ...readInstance(options) }))

/** Demands a Salesforce access token in place of a login; see core's `requiresBearer` and its option `bearer`. */
export const RequiresBearer = (options?: InstanceOptions): AccessDecorator =>
  guarded(SetAccess({ entrance: 'bearer', ...readInstance(options) }))

/** Adds a guard, core's or your own. Those of the class are asked first, then from top to bottom. */
export const Requires = (guard: Guard, options?: InstanceOptions): AccessDecorator =>
  guarded(addRequirement({ guard, ...readInstance(options) }))

/** A requirement holds even where nobody provided the guard, as for gateways in Nest 11. */
function guarded(decorator: AccessDecorator): AccessDecorator {
  return applyDecorators(decorator, UseGuards(SalesforceGuard))
}

type Requirement = ShapedGuard<AccessDecorator>

/** Demands a request of a page of this app: for every handler that changes something. */
export const RequiresSameOrigin = (options?: InstanceOptions): AccessDecorator =>
  Requires(core.requiresSameOrigin(), options)
/** Demands every one of the scopes. */
export const RequiresScope: Requirement = shapeGuard(Requires, core.requiresScope)
/** Demands one of the orgs: 18-character ids, `'sandbox'` or `'production'`. */
export const RequiresOrg: Requirement = shapeGuard(Requires, core.requiresOrg)
/** Demands one of the profiles, by name. */
export const RequiresProfile: Requirement = shapeGuard(Requires, core.requiresProfile)
/** Demands every one of the permission sets or groups, by API name, of users who may view Setup. */
export const RequiresPermissionSet: Requirement = shapeGuard(Requires, core.requiresPermissionSet)
/** Demands every one of the custom permissions, by API name; needs the scope `custom_permissions`. */
export const RequiresCustomPermission: Requirement = shapeGuard(Requires, core.requiresCustomPermission)
/** Demands one of the types of user, such as `'STANDARD'`. */
export const RequiresUserType: Requirement = shapeGuard(Requires, core.requiresUserType)
