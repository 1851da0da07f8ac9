import { CallbackError } from '../errors/errors.ts'

type AllowedOrgs = 'any' | readonly string[]

export function isAllowedOrg(orgId: string, allowedOrgs: AllowedOrgs): boolean {
  return allowedOrgs === 'any' || allowedOrgs.includes(orgId)
}

/**
 * @param option what the list is called where the app sets it.
 * @throws {CallbackError} `callback/org-not-allowed`
 */
export function requireAllowedOrg(orgId: string, allowedOrgs: AllowedOrgs, option: string): void {
  if (isAllowedOrg(orgId, allowedOrgs)) return
  throw new CallbackError('callback/org-not-allowed', `The org ${orgId} may not log in here.`, {
    hint: `Log in to another org, or add this one to ${option}.`,
  })
}
