import type { AnswerPlace } from '../../src/errors/hints/hint.ts'

/** What helps: a new login by a person in a browser, another try, or a change by somebody. */
export type Fate = 'login' | 'retry' | 'fix'

/** What Salesforce is known to answer, and what this kit must make of it: written down apart from the kit's own table. */
export type Pair = readonly [
  places: readonly AnswerPlace[],
  error: string,
  description: string | undefined,
  fate: Fate,
  hint: RegExp,
]

const TOKEN = ['token'] as const
const AUTHORIZE = ['authorize'] as const
const BOTH = ['token', 'authorize'] as const
const SITE = ['headless'] as const
const ALL = ['token', 'authorize', 'headless', 'register', 'revoke', 'introspect'] as const
const none = undefined

export const grantPairs: readonly Pair[] = [
  [TOKEN, 'invalid_grant', 'token request is already being processed', 'retry', /session store/],
  [TOKEN, 'invalid_grant', 'expired access/refresh token', 'login', /Refresh Token Policy/],
  [TOKEN, 'invalid_grant', 'expired authorization code', 'login', /Start the login again/],
  [TOKEN, 'invalid_grant', 'invalid authorization code', 'login', /client id/],
  [TOKEN, 'invalid_grant', 'missing code verifier', 'login', /keeps the verifier/],
  [BOTH, 'invalid_grant', 'inactive user', 'fix', /Setup › Users/],
  [BOTH, 'inactive_user', 'user is inactive', 'fix', /Setup › Users/],
  [BOTH, 'inactive_user', none, 'fix', /Setup › Users/],
  [BOTH, 'invalid_grant', 'ip restricted', 'fix', /IP Relaxation/],
  [BOTH, 'invalid_grant', 'ip restricted or invalid login hours', 'fix', /IP Relaxation/],
  [BOTH, 'invalid_grant', "user hasn't approved this consumer", 'login', /Permitted Users/],
  [TOKEN, 'invalid_grant', 'user hasn’t approved this consumer', 'login', /Permitted Users/],
  [TOKEN, 'invalid_grant', 'no valid scopes defined', 'fix', /Selected OAuth Scopes/],
  [TOKEN, 'invalid_grant', 'no client credentials user enabled', 'fix', /Run As/],
  [TOKEN, 'invalid_grant', 'client credentials flow not enabled', 'fix', /Enable Client Credentials Flow/],
  [TOKEN, 'invalid_grant', 'request not supported on this domain', 'fix', /My Domain/],
  [TOKEN, 'invalid_grant', 'audience is invalid', 'fix', /https:\/\/test\.salesforce\.com/],
  [TOKEN, 'invalid_grant', 'Audience validation failed', 'fix', /Leave audience out/],
  [TOKEN, 'invalid_grant', 'invalid assertion', 'fix', /certificate.*SAML Assertion Validator/],
  [TOKEN, 'invalid_grant', 'assertion expired', 'fix', /clock/],
  [TOKEN, 'invalid_grant', 'device flow is not enabled for the app', 'fix', /Enable Device Flow/],
  [TOKEN, 'invalid_grant', 'token exchange failed', 'login', /device login again/],
  [TOKEN, 'invalid_grant', 'activation secret invalid', 'login', /Log in again.*Login History/],
  [BOTH, 'invalid_grant', 'user is temporarily locked out', 'fix', /unlock/],
  [BOTH, 'invalid_grant', 'authentication failure', 'login', /Login History.*Username-Password Flow Disabled/],
  [TOKEN, 'invalid_grant', 'authentication failure - Invalid Password', 'login', /Login History/],
  [AUTHORIZE, 'invalid_grant', 'invalid user credentials', 'login', /Login History/],
  [BOTH, 'invalid_grant', 'never seen before', 'login', /Login History/],
  [BOTH, 'invalid_grant', none, 'login', /Login History/],
]

export const requestPairs: readonly Pair[] = [
  [
    ['token', 'authorize', 'introspect'],
    'invalid_client_id',
    'client identifier invalid',
    'fix',
    /Consumer Key.*My Domain.*ten minutes/,
  ],
  [BOTH, 'invalid_client', 'app must be installed into org', 'fix', /Approve Uninstalled Connected Apps/],
  [['token', 'introspect'], 'invalid_client', 'invalid client credentials', 'fix', /Consumer Secret.*certificate/],
  [TOKEN, 'invalid_client', none, 'fix', /privateKeyJwt/],
  [TOKEN, 'invalid_client_credentials', none, 'fix', /Consumer Secret/],
  [TOKEN, 'invalid_basic_auth_header', none, 'fix', /clientSecretPost/],
  [TOKEN, 'bad_jti_claim', none, 'retry', /new assertion/],
  [TOKEN, 'invalid_assertion_type', none, 'fix', /samlBearer/],
  [BOTH, 'invalid_request', 'missing required code challenge', 'fix', /through this kit/],
  [BOTH, 'redirect_uri_missing', 'redirect_uri not provided', 'fix', /through this kit/],
  [TOKEN, 'redirect_uri_missing', none, 'fix', /through this kit/],
  [TOKEN, 'invalid_request', 'invalid code verifier', 'login', /one browser tab/],
  [TOKEN, 'invalid_request', 'scope parameter not supported', 'fix', /Set scopes on the app/],
  [TOKEN, 'invalid_request', 'token handler not found', 'fix', /tokenHandler/],
  [TOKEN, 'invalid_request', 'token handler validation failed', 'fix', /Debug Logs/],
  [TOKEN, 'invalid_request', 'invalid device code', 'login', /device login/],
  [SITE, 'invalid_request', 'recaptcha verification failed', 'fix', /new reCAPTCHA token/],
  [BOTH, 'invalid_request', 'HTTPS required', 'fix', /https/],
  [AUTHORIZE, 'invalid_request', 'must use HTTP GET', 'fix', /https/],
  [AUTHORIZE, 'invalid_request', 'out-of-band not supported', 'fix', /https/],
  [BOTH, 'invalid_request', none, 'fix', /https/],
  [BOTH, 'redirect_uri_mismatch', 'redirect_uri must match configuration', 'fix', /Callback URL.*baseUrl/],
  [TOKEN, 'invalid_scope', 'the requested scope is invalid, unknown, or malformed', 'fix', /Selected OAuth Scopes/],
  [AUTHORIZE, 'invalid_scope', 'requested scope is invalid, unknown, or malformed', 'fix', /scope option/],
  [BOTH, 'invalid_expid', none, 'fix', /expid/],
  [BOTH, 'unsupported_expid', none, 'fix', /expid/],
  [TOKEN, 'unsupported_grant_type', 'grant type not supported', 'fix', /https login URL and enable the flow/],
  [AUTHORIZE, 'unsupported_response_type', 'response type not supported', 'fix', /enable the flow/],
  [TOKEN, 'unauthorized_client', none, 'fix', /enable the flow/],
]

export const accessPairs: readonly Pair[] = [
  [BOTH, 'access_denied', 'end-user denied authorization', 'fix', /Offer to connect again/],
  [BOTH, 'access_denied', none, 'fix', /Offer to connect again/],
  [BOTH, 'invalid_app_access', 'user is not admin approved to access this app', 'fix', /permission set.*Run As/],
  [BOTH, 'OAUTH_APP_ACCESS_DENIED', 'user is not admin approved to access this app', 'fix', /permission set/],
  [TOKEN, 'NO_ACCESS', none, 'fix', /permission set/],
  [BOTH, 'OAUTH_APP_BLOCKED', 'this app is blocked by admin', 'fix', /Connected Apps OAuth Usage/],
  [BOTH, 'app_blocked', none, 'fix', /Connected Apps OAuth Usage/],
  [BOTH, 'fail_close_app_blocked', none, 'fix', /Connected Apps OAuth Usage/],
  [BOTH, 'OAUTH_EC_APP_NOT_FOUND', 'External client app is not installed in this org', 'fix', /org that owns the app/],
  [TOKEN, 'app_not_found', none, 'fix', /package and install/],
  [TOKEN, 'installation_error', none, 'fix', /Installed Packages/],
  [
    BOTH,
    'OAUTH_AUTHORIZATION_BLOCKED',
    'Cross-org OAuth flows are not supported for this external client app',
    'fix',
    /distribution state/,
  ],
  [TOKEN, 'invalid_distribution_state', none, 'fix', /My Domain/],
  [
    AUTHORIZE,
    'OAUTH_APPROVAL_ERROR_GENERIC',
    'An unexpected error has occurred during authentication. Please try again.',
    'fix',
    /Selected OAuth Scopes/,
  ],
  [
    AUTHORIZE,
    'OAUTH_APPROVAL_ERROR_GENERIC',
    'An unexpected error has occured during authentication. Please try again.',
    'fix',
    /licence/,
  ],
  [AUTHORIZE, 'oauth_flow_disabled', 'user-agent flow has been disabled', 'fix', /web server flow with PKCE/],
  [BOTH, 'oauth_flow_disabled', 'The external client app or the OAuth plugin is disabled.', 'fix', /Enable Flow/],
  [TOKEN, 'oauth_flow_disabled', none, 'fix', /Enable Flow/],
  [TOKEN, 'ecapp_policy_not_found', none, 'fix', /Policies, edit and save/],
  [TOKEN, 'oauth_policy_not_found', none, 'fix', /Policies, edit and save/],
  [BOTH, 'invalid_session_level', none, 'login', /multi-factor/],
  [AUTHORIZE, 'immediate_unsuccessful', 'immediate unsuccessful', 'login', /without immediate/],
  [TOKEN, 'app_attest_failed', none, 'fix', /Mobile SDK/],
  [BOTH, 'inactive_org', 'organization is locked, closed, or suspended', 'fix', /administrator/],
  [TOKEN, 'inactive_org', none, 'fix', /administrator/],
]

export const servicePairs: readonly Pair[] = [
  [SITE, 'login_error', none, 'login', /say the same/],
  [SITE, 'invalid_otp', none, 'login', /send a new one/],
  [SITE, 'otp_error', none, 'login', /send a new one/],
  [['headless', 'register'], 'exceeded_registration_limit', none, 'fix', /Remove/],
  [['headless', 'register'], 'failed_registration', none, 'fix', /registration handler/],
  [['headless', 'register'], 'registration_error', none, 'fix', /required fields/],
  [SITE, 'registration_error', 'the username is taken', 'fix', /user name/],
  [TOKEN, 'authorization_pending', none, 'retry', /pollDevice/],
  [TOKEN, 'slow_down', 'polling too quickly for the token endpoint.', 'retry', /five seconds/],
  [TOKEN, 'use_dpop_nonce', none, 'retry', /DPoP-Nonce/],
  [TOKEN, 'invalid_dpop_proof', none, 'fix', /option dpop/],
  [BOTH, 'rate_limit_exceeded', 'number of logins exceeded', 'retry', /hour/],
  [TOKEN, 'rate_limit_exceeded', 'login rate exceeded', 'retry', /reuse tokens/],
  [TOKEN, 'rate_limit_exceeded', none, 'retry', /hour/],
  [['token', 'headless', 'register'], 'invalid_token', none, 'login', /Log in again/],
  [TOKEN, 'invalid_token', 'invalid token', 'login', /Log in again/],
  [TOKEN, 'unsupported_token_type', none, 'login', /Log in again/],
  [ALL, 'server_error', none, 'retry', /status\.salesforce\.com/],
  [ALL, 'service_unavailable', none, 'retry', /status\.salesforce\.com/],
  [ALL, 'system_down', none, 'retry', /status\.salesforce\.com/],
  [ALL, 'unknown_error', 'retry your request', 'retry', /Local app/],
  [TOKEN, 'app_attest_failed_retry', none, 'retry', /Try again/],
]

export const pairs: readonly Pair[] = [...grantPairs, ...requestPairs, ...accessPairs, ...servicePairs]
