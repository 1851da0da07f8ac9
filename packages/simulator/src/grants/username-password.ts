import { identifyClient, proveClient } from '../apps/client-authentication.ts'
import { isAddressAllowed } from '../apps/address-ranges.ts'
import { requireFlow, requireUse } from '../apps/policy-check.ts'
import { standingApproval } from '../authorization/approvals.ts'
import { OAuthError } from '../http/oauth-error.ts'
import type { User } from '../state.ts'
import { createTokenAnswer, type TokenAnswer, without } from '../tokens/answer.ts'
import { countLogin } from '../users/logins.ts'
import { orgOf, serves, type World } from '../world.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'password'
export const parameters: readonly string[] = ['username', 'password']

/** One answer for a wrong name, password or token, an untrusted address and a blocked flow: nobody can tell which. */
export async function handle(world: World, request: GrantRequest): Promise<TokenAnswer> {
  const { form, place, address } = request
  const app = identifyClient(world, request)
  if (app.kind === 'externalClientApp') throw new OAuthError('unsupported_grant_type', 'grant type not supported')
  requireFlow(app, 'usernamePassword')
  await proveClient(world, request, { app, needsSecret: true })
  const name = (form.get('username') ?? '').toLowerCase()
  const user = world.state.users.find((one) => one.username.toLowerCase() === name)
  const isAtHome = user && serves(place, orgOf(world, user)) && user.site === place.site?.path
  const isBlocked = user && orgOf(world, user).usernamePasswordFlowBlocked
  if (!isAtHome || isBlocked || !isPasswordRight(world, user, { given: form.get('password') ?? '', address })) {
    throw new OAuthError('invalid_grant', 'authentication failure')
  }
  requireUse(world, { app, user, address })
  countLogin(world, user)
  const approval = standingApproval(world, { clientId: app.clientId, user, scopes: app.scopes, place })
  const answer = await createTokenAnswer(world, approval, { refreshToken: false, idToken: false })
  return without(answer, ['scope'])
}

/** The security token follows the password, unless the address is trusted. */
function isPasswordRight(world: World, user: User, { given, address }: { given: string; address: string }): boolean {
  const { trustedIpRanges } = orgOf(world, user)
  const isTrusted = trustedIpRanges.length > 0 && isAddressAllowed(trustedIpRanges, address)
  return given === user.password + user.securityToken || (isTrusted && given === user.password)
}
