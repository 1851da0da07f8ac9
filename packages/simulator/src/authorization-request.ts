import type { Place } from './hosts.ts'
import { OAuthError } from './oauth-error.ts'
import { isCallbackAllowed } from './policies.ts'
import { flowDisabled } from './policy-check.ts'
import { includesScope } from './scopes.ts'
import type { App } from './state.ts'
import { findApp, type World } from './world.ts'

export interface AuthorizationRequest {
  app: App
  redirectUri: string
  scopes: readonly string[]
  prompt: readonly string[]
  immediate: boolean
  loginHint: string
  state?: string
  nonce?: string
  codeChallenge?: string
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
  const codeChallenge = readChallenge(params, app.pkceRequired || place.org?.pkceRequired === true)
  if (params.get('response_type') !== 'code') {
    throw new OAuthError('unsupported_response_type', 'response type not supported')
  }
  if (!app.enabled || !app.flows.webServer) {
    throw flowDisabled()
  }
  const state = params.get('state')
  const nonce = params.get('nonce')
  return {
    ...target,
    scopes: readScopes(params.get('scope'), app),
    prompt: readPrompt(params.get('prompt')),
    immediate: params.get('immediate') === 'true',
    loginHint: params.get('login_hint') ?? '',
    ...(state !== null && { state }),
    ...(nonce !== null && { nonce }),
    ...(codeChallenge !== undefined && { codeChallenge }),
  }
}

function readChallenge(params: URLSearchParams, isRequired: boolean): string | undefined {
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
    throw new OAuthError('invalid_scope', 'the requested scope is invalid, unknown, or malformed')
  }
  return asked
}

function readPrompt(prompt: string | null): readonly string[] {
  const values = (prompt ?? '').split(/\s+/).filter(Boolean)
  if (!values.every((value) => ['login', 'consent', 'select_account'].includes(value))) {
    throw new OAuthError('invalid_request', 'prompt value not supported')
  }
  return values
}
