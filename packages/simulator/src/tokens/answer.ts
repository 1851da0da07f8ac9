import { createHmac } from 'node:crypto'
import type { Approval } from '../authorization/approvals.ts'
import type { App } from '../state.ts'
import { findApp, findUser, identityUrl, type World } from '../world.ts'
import { hybridMembers } from './hybrid-members.ts'
import { signIdToken } from './id-token.ts'
import { signAccessToken } from './jwt-access-token.ts'
import { inServerOrder, isOffline } from './scopes.ts'
import { addJwtToken, addOpaqueToken, addRefreshToken, type TokenRecord } from './tokens.ts'

/** Member names and values as they go on the wire: nearly all strings, and no `expires_in`. */
export type TokenAnswer = Readonly<Record<string, string | number>>

export interface TokenAnswerOptions {
  /** Whether to issue a refresh token, if the scopes allow one. */
  refreshToken: boolean
  /** Whether to issue an ID token, if the scopes allow one. Default true. */
  idToken?: boolean
  nonce?: string
  /** The caller's IP address, for the members of the hybrid flows. */
  hybridFor?: string
}

/** New tokens for an authorization, in the order in which Salesforce prints them. */
export async function createTokenAnswer(
  world: World,
  approval: Approval,
  { refreshToken, idToken = true, nonce, hybridFor }: TokenAnswerOptions,
): Promise<TokenAnswer> {
  const app = findApp(world, approval.clientId)
  const user = findUser(world, approval.userId)
  if (!app || !user) throw new Error('An authorization outlived its app or user.')
  const issuedAt = String(world.clock.now())
  const id = identityUrl(world, user)
  const scopes = inServerOrder(approval.scopes)
  const access = await addAccessToken(world, approval, app)
  const instanceUrl = world.hosts.instanceUrl(approval.orgId)
  return {
    access_token: access.value,
    ...(refreshToken && isOffline(scopes) && { refresh_token: addRefreshToken(world, approval).value }),
    signature: createHmac('sha256', app.clientSecret)
      .update(id + issuedAt)
      .digest('base64'),
    scope: scopes.join(' '),
    ...(idToken &&
      scopes.includes('openid') && {
        id_token: await signIdToken(world, approval, {
          app,
          user,
          accessToken: access.value,
          ...(nonce !== undefined && { nonce }),
        }),
      }),
    instance_url: instanceUrl,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
    ...(scopes.includes('sfap_api') && { api_instance_url: instanceUrl }),
    ...(approval.site && {
      sfdc_community_url: world.hosts.siteUrl(approval.orgId, approval.site),
      sfdc_community_id: approval.site.id,
    }),
    ...(app.jwtAccessTokens && { token_format: 'jwt' }),
    ...(hybridFor !== undefined && hybridMembers(world, approval, { app, address: hybridFor })),
  }
}

/** An answer less the members that some grant does not give. */
export function without(answer: TokenAnswer, names: readonly string[]): TokenAnswer {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => !names.includes(name)))
}

async function addAccessToken(world: World, approval: Approval, app: App): Promise<TokenRecord> {
  if (!app.jwtAccessTokens) return addOpaqueToken(world, approval)
  const expiresAt = world.clock.now() + app.jwtAccessTokenLifetime
  return addJwtToken(world, approval, { value: await signAccessToken(world, approval, expiresAt), expiresAt })
}
