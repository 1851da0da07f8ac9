import { requireFlow } from '../apps/policy-check.ts'
import type { Approval } from '../authorization/approvals.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { newSecretId } from '../ids.ts'
import type { App } from '../state.ts'
import { orgOf, type World } from '../world.ts'
import { addOpaqueToken } from './tokens.ts'

/** What an app that shows web pages gets beside its tokens: sessions and cookies, by scope. Nothing without `web`. */
export function hybridMembers(
  world: World,
  approval: Approval,
  { app, address }: { app: App; address: string },
): Record<string, string> {
  const { scopes } = approval
  if (!scopes.includes('web')) return {}
  const { myDomain } = orgOf(world, approval)
  const newSession = (): string => addOpaqueToken(world, approval, { forPages: true }).value
  return {
    sidCookieName: 'sid',
    'cookie-sid_Client': newSecretId(),
    'cookie-clientSrc': address,
    ...(scopes.includes('lightning') && {
      lightning_domain: `${myDomain}.lightning.localhost`,
      lightning_sid: newSession(),
      csrf_token: newSecretId(),
    }),
    ...(scopes.includes('visualforce') && {
      visualforce_domain: `${myDomain}--c.vf.localhost`,
      visualforce_sid: newSession(),
    }),
    ...(scopes.includes('content') && {
      content_domain: `${myDomain}.file.localhost`,
      content_sid: newSession(),
    }),
    // A JWT is no session id; pages need one beside it.
    ...(app.jwtAccessTokens && { parent_sid: newSession() }),
  }
}

/** The hybrid web server flow does not go with JWT access tokens and rotation together. */
export function requireHybrid(app: App): void {
  requireFlow(app, 'hybrid')
  if (app.jwtAccessTokens && app.refreshTokenRotation) {
    throw new OAuthError('invalid_grant', 'hybrid flow does not support JWT access tokens with refresh token rotation')
  }
}
