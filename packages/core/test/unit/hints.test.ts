import { describe, expect, it } from 'vitest'
import { OAuthError } from '../../src/errors/errors.ts'
import { findOAuthHint, OAUTH_HINTS, UNRECOGNIZED_HINT } from '../../src/errors/hints.ts'

type Fate = 'login' | 'retry' | 'fix'
type Row = readonly [error: string, description: string | undefined, fate: Fate, hint: RegExp]

const rows: readonly Row[] = [
  ['invalid_grant', 'token request is already being processed', 'retry', /session store/],
  ['invalid_grant', 'expired access/refresh token', 'login', /Refresh Token Policy/],
  ['invalid_grant', 'expired authorization code', 'login', /Start the login again/],
  ['invalid_grant', 'invalid authorization code', 'login', /client id/],
  ['invalid_grant', 'inactive user', 'login', /Setup › Users/],
  ['inactive_user', 'user is inactive', 'login', /Setup › Users/],
  ['inactive_user', undefined, 'login', /Setup › Users/],
  ['invalid_grant', 'ip restricted', 'login', /IP Relaxation/],
  ['invalid_grant', 'ip restricted or invalid login hours', 'login', /IP Relaxation/],
  ['invalid_grant', "user hasn't approved this consumer", 'login', /Permitted Users/],
  ['invalid_grant', 'user hasn’t approved this consumer', 'login', /Permitted Users/],
  ['invalid_grant', 'activation secret invalid', 'login', /Login History/],
  ['invalid_grant', 'request not supported on this domain', 'fix', /My Domain/],
  ['invalid_grant', 'authentication failure', 'login', /Login History/],
  ['invalid_grant', 'never seen before', 'login', /Login History/],
  ['invalid_grant', undefined, 'login', /Login History/],
  ['invalid_client_id', 'client identifier invalid', 'fix', /Consumer Key.*My Domain.*ten minutes/],
  ['invalid_client', 'app must be installed into org', 'fix', /Approve Uninstalled Connected Apps/],
  ['invalid_client', 'invalid client credentials', 'fix', /Consumer Secret/],
  ['invalid_request', 'missing required code challenge', 'fix', /through this kit/],
  ['redirect_uri_missing', 'redirect_uri not provided', 'fix', /through this kit/],
  ['redirect_uri_missing', undefined, 'fix', /through this kit/],
  ['invalid_request', 'invalid code verifier', 'login', /one browser tab/],
  ['invalid_request', 'scope parameter not supported', 'fix', /Set scopes on the app/],
  ['invalid_request', 'HTTPS required', 'fix', /https/],
  ['redirect_uri_mismatch', 'redirect_uri must match configuration', 'fix', /Callback URL.*baseUrl/],
  ['invalid_scope', 'requested scope is invalid, unknown, or malformed', 'fix', /Selected OAuth Scopes.*scope option/],
  ['access_denied', 'end-user denied authorization', 'fix', /Offer to connect again/],
  ['invalid_app_access', 'user is not admin approved to access this app', 'fix', /permission set/],
  ['OAUTH_APP_ACCESS_DENIED', 'user is not admin approved to access this app', 'fix', /permission set/],
  ['OAUTH_APP_BLOCKED', 'this app is blocked by admin', 'fix', /Connected Apps OAuth Usage/],
  ['app_blocked', undefined, 'fix', /Connected Apps OAuth Usage/],
  ['fail_close_app_blocked', undefined, 'fix', /Connected Apps OAuth Usage/],
  [
    'OAUTH_EC_APP_NOT_FOUND',
    'External client app is not installed in this org',
    'fix',
    /My Domain of the org that owns/,
  ],
  ['OAUTH_AUTHORIZATION_BLOCKED', 'Cross-org OAuth flows are not supported', 'fix', /distribution state/],
  ['OAUTH_APPROVAL_ERROR_GENERIC', 'An unexpected error has occured', 'fix', /Selected OAuth Scopes/],
  ['oauth_flow_disabled', 'The external client app or the OAuth plugin is disabled.', 'fix', /Enable Flow/],
  ['unsupported_grant_type', 'grant type not supported', 'fix', /https login URL and enable the flow/],
  ['unsupported_response_type', 'response type not supported', 'fix', /enable the flow/],
  ['immediate_unsuccessful', 'immediate unsuccessful', 'login', /without immediate/],
  ['rate_limit_exceeded', 'number of logins exceeded', 'retry', /hour/],
  ['inactive_org', 'organization is locked, closed, or suspended', 'fix', /administrator/],
  ['unsupported_token_type', 'invalid token: x', 'login', /Log in again/],
  ['invalid_token', undefined, 'login', /Log in again/],
  ['server_error', undefined, 'retry', /status\.salesforce\.com/],
  ['service_unavailable', undefined, 'retry', /status\.salesforce\.com/],
  ['system_down', undefined, 'retry', /status\.salesforce\.com/],
  ['unknown_error', 'retry your request', 'retry', /status\.salesforce\.com/],
]

const flags = { login: [true, false], retry: [false, true], fix: [false, false] } as const

describe('the hint table', () => {
  it.each(rows)('%s "%s" leads to %s', (...[error, description, fate, hint]) => {
    const failure = new OAuthError({ error, description })
    expect([failure.needsLogin, failure.retryable]).toEqual(flags[fate])
    expect(failure.hint).toMatch(hint)
    expect(failure.code).toBe(`oauth/${error}`)
  })

  it('has no row that no example reaches', () => {
    const reached = new Set(rows.map(([error, description]) => findOAuthHint(error, description)))
    expect(OAUTH_HINTS.filter((row) => !reached.has(row))).toEqual([])
  })

  it('says where to look for an error that stands in no row', () => {
    const failure = new OAuthError({ error: 'brand_new_error', description: 'what is this' })
    expect(failure).toMatchObject({ code: 'oauth/unrecognized', error: 'brand_new_error', hint: UNRECOGNIZED_HINT })
  })

  it('does not take an error for another one that it contains', () => {
    expect(findOAuthHint('invalid_grant_extra')).toBeUndefined()
    expect(findOAuthHint('toString')).toBeUndefined()
  })
})
