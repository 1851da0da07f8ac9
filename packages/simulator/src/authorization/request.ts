import { isCallbackAllowed } from '../apps/policies.ts'
import { flowDisabled } from '../apps/policy-check.ts'
import type { Place } from '../http/hosts.ts'
import { OAuthError } from '../http/oauth-error.ts'
import type { App, Org } from '../state.ts'
import { includesScope } from '../tokens/scopes.ts'
import { findApp, type World } from '../world.ts'

export const responseTypes = ['code', 'token', 'token id_token', 'hybrid_token'] as const

export interface AuthorizationRequest {
  responseType: (typeof responseTypes)[number]
  app: App
  redirectUri: string
  scopes: readonly string[]
  prompt: readonly string[]
  immediate: boolean
  loginHint: string
  state?: string
  nonce?: string
  codeChallenge?: string
  /** Of the key that the tokens are to be bound to. */
  dpopThumbprint?: string
}

const outOfBand = 'urn:ietf:wg:oauth:2.0:oob'

/** Steps 1 and 2: whom the request comes from and where answers may go. Failures here are shown, never redirected. */
export function readTarget(world: World, params: URLSearchParams): { app: App; redirectUri: string } {
  const app = findApp(world, params.get('client_id') ?? '')
  if (!app) throw new OAuthError('invalid_client_id', 'client identifier invalid')
  const redirectUri = params.get('redirect_uri')
  if (!redirectUri) throw new OAuthError('redirect_uri_missing', 'redirect_uri not provided')
  if (redirectUri === outOfBand) throw new OAuthError('invalid_request', 'out-of-band not supported')
  if (!isCallbackAllowed(app, redirectUri)) {
    throw new OAuthError('redirect_uri_mismatch', 'redirect_uri must match configuration')
  }
  return { app, redirectUri }
}

/** Steps 3 and 4: PKCE before anything else, then response type, flow and scopes. Failures go to the callback. */
export function readRequest(
  params: URLSearchParams,
  target: { app: App; redirectUri: string },
  place: Place,
): AuthorizationRequest {
  const { app } = target
  const responseType = responseTypes.find((one) => one === params.get('response_type'))
  const isUserAgent = wantsTokens(params)
  // Only a code can be bound to a challenge.
  const needsChallenge = !isUserAgent && (app.pkceRequired || place.org?.pkceRequired === true)
  const codeChallenge = readChallenge(params, needsChallenge)
  if (!responseType) throw new OAuthError('unsupported_response_type', 'response type not supported')
  if (!app.enabled || !isSwitchedOn(app, responseType)) throw flowDisabled()
  if (isUserAgent) requireUserAgentFlow(place.org)
  const state = params.get('state')
  const nonce = params.get('nonce')
  const dpopThumbprint = params.get('dpop_jkt')
  const scopes = readScopes(params.get('scope'), app)
  if (responseType === 'token id_token') requireIdToken(scopes, nonce)
  return {
    ...target,
    responseType,
    scopes,
    prompt: readPrompt(params.get('prompt')),
    immediate: params.get('immediate') === 'true',
    loginHint: params.get('login_hint') ?? '',
    ...(state !== null && { state }),
    ...(nonce !== null && { nonce }),
    ...(codeChallenge !== undefined && { codeChallenge }),
    ...(dpopThumbprint !== null && { dpopThumbprint }),
  }
}

/** The user-agent flow, whose answers stand in the fragment of the callback. */
export function wantsTokens(params: URLSearchParams): boolean {
  return responseTypes.slice(1).some((one) => one === params.get('response_type'))
}

function isSwitchedOn({ flows }: App, responseType: AuthorizationRequest['responseType']): boolean {
  if (responseType === 'code') return flows.webServer
  return flows.userAgent && (responseType !== 'hybrid_token' || flows.hybrid)
}

/** @throws {OAuthError} in an org that blocks the flow; the generic host learns the org only at the login */
export function requireUserAgentFlow(org: Org | undefined): void {
  if (org?.userAgentFlowBlocked) throw new OAuthError('oauth_flow_disabled', 'user-agent flow has been disabled')
}

function requireIdToken(scopes: readonly string[], nonce: string | null): void {
  if (!scopes.includes('openid')) throw invalidScope()
  if (!nonce) throw new OAuthError('invalid_request', 'missing required parameter: nonce')
}

export function readChallenge(params: URLSearchParams, isRequired: boolean): string | undefined {
  const challenge = params.get('code_challenge')
  const method = params.get('code_challenge_method')
  if (!challenge) {
    if (isRequired) throw new OAuthError('invalid_request', 'missing required code challenge')
    return undefined
  }
  // A challenge without a method is S256 here, unlike in RFC 7636.
  if (method !== null && method !== 'S256')
    throw new OAuthError('invalid_request', 'code challenge method not supported')
  if (!/^[\w-]{43}$/.test(challenge)) throw new OAuthError('invalid_request', 'invalid code challenge')
  return challenge
}

/** The scopes asked for, or all of the app's. */
export function readScopes(scope: string | null, app: App): readonly string[] {
  const asked = (scope ?? '').split(/\s+/).filter(Boolean)
  if (asked.length === 0) return app.scopes
  if (!asked.every((one) => includesScope(app.scopes, one))) {
    throw invalidScope()
  }
  return asked
}

function invalidScope(): OAuthError {
  return new OAuthError('invalid_scope', 'the requested scope is invalid, unknown, or malformed')
}

function readPrompt(prompt: string | null): readonly string[] {
  const values = (prompt ?? '').split(/\s+/).filter(Boolean)
  if (!values.every((value) => ['login', 'consent', 'select_account'].includes(value))) {
    throw new OAuthError('invalid_request', 'prompt value not supported')
  }
  return values
}
