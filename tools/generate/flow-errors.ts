import type { FlowName } from '../../packages/core/src/chooser/flows.ts'
import type { MEANINGS } from './own-meanings.ts'

const CLIENT = ['invalid_client_id: client identifier invalid', 'invalid_client: invalid client credentials']
const USER = [
  'invalid_grant: inactive user',
  'invalid_grant: ip restricted',
  'rate_limit_exceeded: number of logins exceeded',
]
const POLICY = [
  'invalid_app_access: user is not admin approved to access this app',
  'oauth_flow_disabled: The external client app or the OAuth plugin is disabled.',
]
const ASSERTION = [
  "invalid_grant: user hasn't approved this consumer",
  'invalid_grant: invalid assertion',
  'invalid_grant: audience is invalid',
  'invalid_client_id: client identifier invalid',
]
const LOGIN = [
  'access_denied: end-user denied authorization',
  'redirect_uri_mismatch: redirect_uri must match configuration',
  'invalid_scope: requested scope is invalid, unknown, or malformed',
  'OAUTH_EC_APP_NOT_FOUND: External client app is not installed in this org',
  'OAUTH_AUTHORIZATION_BLOCKED: Cross-org OAuth flows are not supported for this external client app',
  'OAUTH_APP_BLOCKED: this app is blocked by admin',
]
const CODE = ['invalid_grant: expired authorization code', 'invalid_request: invalid code verifier']
const HEADLESS = ['invalid_request: recaptcha verification failed', 'oauth_flow_disabled', 'invalid_token']

const NOT_HERE = ['config/invalid'] as const
const SITE = ['config/invalid', 'callback/foreign-community'] as const

/** The codes of this kit's own that the functions of a flow throw, beside `net/…`. */
export const THROWN: Readonly<Partial<Record<FlowName, readonly (keyof typeof MEANINGS)[]>>> = {
  'client-credentials': NOT_HERE,
  device: ['device/denied', 'device/expired', 'device/code-refused', 'device/aborted', 'device/malformed-answer'],
  'saml-bearer': ['token/assertion-invalid'],
  'saml-assertion': ['token/assertion-invalid'],
  'asset-token': [
    'token/asset-token-invalid',
    'token/asset-token-expired',
    'token/asset-token-issuer',
    'token/asset-token-audience',
  ],
  'token-exchange': [...NOT_HERE, 'token/subject-too-long'],
  'user-agent': ['callback/state-mismatch', 'callback/malformed'],
  'code-and-credentials': SITE,
  'passwordless-login': SITE,
  'headless-registration': SITE,
  'forgot-password': NOT_HERE,
  guest: SITE,
}

/** The answers that a flow is likely to meet; every one stands in the catalogue. */
export const EXPECTED: Readonly<Record<FlowName, readonly string[]>> = {
  'authorization-code': [...LOGIN, ...CODE, ...CLIENT, ...POLICY],
  'refresh-token': [
    'invalid_grant: expired access/refresh token',
    'invalid_grant: token request is already being processed',
    'invalid_grant: activation secret invalid',
    'invalid_request: scope parameter not supported',
    ...CLIENT,
    ...USER,
  ],
  'jwt-bearer': [...ASSERTION, ...USER, ...POLICY],
  'client-credentials': [
    'invalid_grant: request not supported on this domain',
    'invalid_grant: no client credentials user enabled',
    'invalid_grant: no valid scopes defined',
    'invalid_grant: client credentials flow not enabled',
    'invalid_request: scope parameter not supported',
    ...CLIENT,
    ...USER,
    ...POLICY,
    'ecapp_policy_not_found',
  ],
  device: [
    'access_denied: end-user denied authorization',
    'invalid_grant: token exchange failed',
    'invalid_grant: device flow is not enabled for the app',
    'invalid_client_id: client identifier invalid',
    'invalid_scope: the requested scope is invalid, unknown, or malformed',
  ],
  'saml-bearer': [...ASSERTION, ...USER, ...POLICY],
  'saml-assertion': ['invalid_assertion_type', 'invalid_grant: invalid assertion', ...USER],
  'asset-token': ['invalid_request', 'invalid_token', 'unsupported_grant_type: grant type not supported'],
  'token-exchange': [
    'invalid_request: token handler not found',
    'invalid_request: token handler validation failed',
    "invalid_grant: user hasn't approved this consumer",
    'invalid_grant: request not supported on this domain',
    ...CLIENT,
    ...USER,
  ],
  hybrid: ['oauth_flow_disabled: user-agent flow has been disabled', ...CODE, 'invalid_grant', ...CLIENT],
  'user-agent': ['oauth_flow_disabled: user-agent flow has been disabled', ...LOGIN],
  'username-password': [
    'invalid_grant: authentication failure',
    'unsupported_grant_type: grant type not supported',
    ...CLIENT,
    ...USER,
  ],
  'code-and-credentials': ['login_error', ...HEADLESS, ...CODE, ...CLIENT],
  'passwordless-login': ['invalid_otp', 'otp_error', 'login_error', ...HEADLESS],
  'headless-registration': [
    'registration_error',
    'failed_registration',
    'exceeded_registration_limit',
    'invalid_otp',
    ...HEADLESS,
  ],
  'forgot-password': ['invalid_otp', 'login_error', ...HEADLESS],
  guest: ['oauth_flow_disabled', ...CLIENT],
}
