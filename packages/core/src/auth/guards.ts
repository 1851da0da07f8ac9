import { ConfigError, isSalesforceAuthError } from '../errors/errors.ts'
import type { Reply } from '../http/exchange.ts'
import { toId18 } from '../org/ids.ts'
import type { Caller } from './caller.ts'
import { hasSessionPassed, letPass, takeBack } from './passage.ts'
import type { RequestAuth } from './request-auth.ts'
import { requireNames, shown } from './requirement.ts'
import type { Requirement } from './requirement.ts'

/** Decides on one request: `undefined` lets it pass, a reply is what to answer instead. */
export type Guard = (auth: RequestAuth) => Promise<Reply | undefined>

type OneOrMore = string | readonly string[]

/**
 * Lets a request pass when somebody is logged in; otherwise redirects a person to the login and answers 401 to the
 * rest. Behind `requiresBearer` the token's owner is who is there. All guards about the caller imply it.
 */
export function requiresAuth(): Guard {
  return asked(async (auth) => {
    const caller = await auth.caller()
    return caller === undefined ? auth.challenge() : letPass(auth, caller)
  })
}

/** Lets a request pass that a page of this app sent: for every route of the app that changes something. */
export function requiresSameOrigin(): Guard {
  return asked(async (auth) => {
    auth.requireSameOrigin()
    return undefined
  })
}

/**
 * Lets a WebSocket handshake pass that a page of this app began, or that came with a bearer token: browsers send
 * cookies along with handshakes from any page.
 */
export function requiresHandshakeOrigin(): Guard {
  return asked(async (auth) => {
    auth.requireHandshakeOrigin()
    return undefined
  })
}

/**
 * Lets a request pass that carries a Salesforce access token as the option `bearer` accepts them, in
 * `Authorization: Bearer`. From then on the token's owner is judged; the cookie session of the same request, if any, is
 * out of the game; a session that a guard has let pass stays who is judged, and the token is refused. Answers 401, or 400 to what is malformed, with an RFC 6750 challenge.
 *
 * A JWT is verified here, so one revoked early passes until its end; an opaque one is introspected, so one revoked
 * early passes for `bearer.opaque.ttl`. It throws `TokenError` `token/unverifiable` (503) when Salesforce cannot be asked,
 * and `ConfigError` when the option is missing.
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export function requiresBearer(): Guard {
  return asked((auth) => auth.requireBearer())
}

/**
 * Lets pass whose token covers every one of the scopes. Source: what the token was granted; `full` covers all of
 * Salesforce's own scopes but `refresh_token`, `api` covers `chatter_api`, and custom scopes cover themselves.
 */
export function requiresScope(scopes: OneOrMore): Guard {
  const hint = "Name scopes as Salesforce's wire does: requiresScope('api'), requiresScope(['api', 'web'])."
  const names = requireNames(scopes, { guard: 'requiresScope', pattern: /^[\w.:/-]+$/, hint })
  return judge('scope', (caller) => names.every((name) => caller.hasScope(name)), names)
}

/**
 * Lets pass who is of one of the orgs. Source of ids: the session or token. Source of `'sandbox'` and `'production'`:
 * `Organization.IsSandbox`, so the token needs the scope `api`; a scratch org counts as a sandbox.
 */
export function requiresOrg(orgs: OneOrMore): Guard {
  const hint = "Write 18-character ids that begin with 00D (Setup › Company Information), 'sandbox' or 'production'."
  const names = requireNames(orgs, {
    guard: 'requiresOrg',
    pattern: /^(?:00D[A-Za-z0-9]{15}|sandbox|production)$/,
    hint,
  })
  const ids = names.filter((name) => name.startsWith('00D'))
  const mistyped = ids.find((id) => toId18(id) !== id)
  if (mistyped !== undefined) {
    const problem = `is given ${shown(mistyped)}, an org id that is mistyped`
    throw new ConfigError([{ option: 'requiresOrg', problem, hint }])
  }
  const [sandbox, production] = [names.includes('sandbox'), names.includes('production')]
  return judge('org', async (caller) => {
    if (ids.includes(caller.orgId)) return true
    return (sandbox || production) && ((await caller.isSandbox()) ? sandbox : production)
  })
}

/**
 * Lets pass whose profile is one of those named. Source: SOQL with the caller's own token, which needs the scope `api`.
 * Salesforce's standard profiles may go by names in the user's language; people of a site cannot read theirs.
 */
export function requiresProfile(names: OneOrMore): Guard {
  const hint = "Name profiles as Setup › Profiles lists them: requiresProfile('Sales Manager')."
  const profiles = requireNames(names, { guard: 'requiresProfile', pattern: /\S/, hint })
  return judge('profile', async (caller) => profiles.includes((await caller.profile()) ?? ''))
}

/**
 * Lets pass who has every one of the permission sets or permission set groups assigned now. Source: SOQL with the
 * caller's own token, which needs the scope `api` **and a user with "View Setup and Configuration"**; for everybody else
 * there is `requiresCustomPermission`. A group counts by its own name, not by those of its members.
 */
export function requiresPermissionSet(names: OneOrMore): Guard {
  const hint = "Use API names, as Setup › Permission Sets shows them: requiresPermissionSet('Discount_Approver')."
  const sets = requireNames(names, { guard: 'requiresPermissionSet', pattern: /^[A-Za-z]\w*$/, hint })
  return judge('permissionSet', async (caller) => includesAll(await caller.permissionSets(), sets))
}

/**
 * Lets pass who holds every one of the custom permissions, by whatever profile or permission set. Source: userinfo
 * with the caller's own token, which needs the scope `custom_permissions`: without it the guard throws.
 */
export function requiresCustomPermission(names: OneOrMore): Guard {
  const hint = "Use API names, as Setup › Custom Permissions shows them: requiresCustomPermission('Approve_Discounts')."
  const permissions = requireNames(names, { guard: 'requiresCustomPermission', pattern: /^[A-Za-z]\w*$/, hint })
  return judge('customPermission', async (caller) => includesAll(await caller.customPermissions(), permissions))
}

/** Lets pass whose type of user is one of those named: `STANDARD`, `POWER_PARTNER`, `CSP_LITE_PORTAL`, … Source: userinfo. */
export function requiresUserType(types: OneOrMore): Guard {
  const hint = "Write types as userinfo does: requiresUserType('STANDARD'), requiresUserType('CSP_LITE_PORTAL')."
  const names = requireNames(types, { guard: 'requiresUserType', pattern: /^[A-Z][A-Z_]*$/, hint })
  return judge('userType', async (caller) => names.includes((await caller.userType()) ?? ''))
}

function includesAll(held: ReadonlySet<string>, names: readonly string[]): boolean {
  return names.every((name) => held.has(name))
}

/** Frameworks call whatever function stands among their middlewares, with what is theirs. */
function asked(guard: Guard): Guard {
  return async (auth) => {
    if (typeof (auth as Partial<RequestAuth> | undefined)?.caller === 'function') return guard(auth)
    const problem = 'is asked about something else than the auth of a request, as if it were a middleware'
    const hint =
      'A guard of @orgpass/core goes into requires(…) of the adapter; or import it from there: @orgpass/koa, for example.'
    throw new ConfigError([{ option: 'guard', problem, hint }])
  }
}

type Condition = (caller: Caller) => boolean | Promise<boolean>

function judge(requirement: Requirement, holds: Condition, scopes?: readonly string[]): Guard {
  return asked(async (auth) => {
    const caller = await auth.caller()
    if (caller === undefined) return auth.challenge()
    return (await holds(caller)) ? letPass(auth, caller) : auth.forbid(requirement, scopes)
  })
}

/** Lets pass what all guards let pass; they are asked in their order, and the first that does not answers. */
export function allOf(...guards: readonly Guard[]): Guard {
  requireGuards('allOf', guards)
  return asked(async (auth) => {
    for (const guard of guards) {
      const reply = await guard(auth)
      if (reply !== undefined) return reply
    }
    return undefined
  })
}

/**
 * Lets pass what one of the guards lets pass; they are asked in their order until one does. When none does, the first
 * answer stands, unless a guard could not decide: then its error is thrown.
 */
export function anyOf(...guards: readonly Guard[]): Guard {
  requireGuards('anyOf', guards)
  return asked(async (auth) => {
    const replies: Reply[] = []
    const errors: unknown[] = []
    const hadPassed = hasSessionPassed(auth)
    for (const guard of guards) {
      try {
        const reply = await guard(auth)
        if (reply === undefined) return undefined
        replies.push(reply)
      } catch (error) {
        if (!isSalesforceAuthError(error) || error instanceof ConfigError) throw error
        errors.push(error)
      }
      if (!hadPassed) takeBack(auth)
    }
    if (errors.length > 0) throw errors[0]
    return replies[0]
  })
}

function requireGuards(option: string, guards: readonly unknown[]): void {
  if (guards.length > 0 && guards.every((guard) => typeof guard === 'function')) return
  const hint = `Give it guards: ${option}(requiresScope('api'), requiresOrg('production')).`
  throw new ConfigError([{ option, problem: 'is given no guards', hint }])
}
