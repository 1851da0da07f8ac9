/** Every failure that is ours to name. `oauth/…` codes are Salesforce's own `error` values and stand in {@link OAUTH_ERRORS}. */
export const CODES = {
  'config/invalid': { status: 500 },
  'config/duplicate-name': { status: 500 },
  'config/not-mounted': { status: 500 },

  'net/unreachable': { status: 502, retryable: true },
  'net/connection-lost': { status: 502, retryable: true },
  'net/timeout': { status: 504, retryable: true },
  'net/aborted': { status: 499 },
  'net/redirected': { status: 502 },
  'net/server-error': { status: 502, retryable: true },
  'net/not-json': { status: 502, retryable: true },
  'net/too-large': { status: 502 },

  'callback/opened-directly': { status: 400 },
  'callback/transaction-missing': { status: 400 },
  'callback/expired': { status: 400 },
  'callback/evicted': { status: 400 },
  'callback/already-used': { status: 400 },
  'callback/other-host': { status: 400 },
  'callback/plain-http': { status: 400 },
  'callback/framed': { status: 400 },
  'callback/denied': { status: 403 },
  'callback/refused': { status: 403 },
  'callback/code-missing': { status: 400 },
  'callback/foreign-community': { status: 400 },
  'callback/org-not-allowed': { status: 403 },
  'callback/login-refused': { status: 403 },
  'callback/state-mismatch': { status: 400 },
  'callback/malformed': { status: 400 },

  'token/malformed-answer': { status: 502 },
  'token/foreign-instance': { status: 502 },
  'token/signature-mismatch': { status: 502 },
  'token/org-changed': { status: 502 },
  'token/id-token-missing': { status: 502 },
  'token/id-token-invalid': { status: 502 },
  'token/id-token-expired': { status: 502 },
  'token/id-token-issuer': { status: 502 },
  'token/id-token-audience': { status: 502 },
  'token/id-token-nonce': { status: 502 },
  'token/id-token-subject': { status: 502 },
  'token/refresh-missing': { status: 401, needsLogin: true },
  'token/grant-ended': { status: 401, needsLogin: true },
  'token/refresh-answer-lost': { status: 401, needsLogin: true },
  'token/refresh-busy': { status: 503, retryable: true },
  'token/lease-lost': { status: 503, retryable: true },
  'token/body-consumed': { status: 503, retryable: true },
  'token/refused-at-once': { status: 503, retryable: true },
  'token/foreign-host': { status: 500 },
  'token/dpop-key-missing': { status: 500 },
  'token/assertion-invalid': { status: 400 },
  'token/subject-too-long': { status: 400 },
  'token/access-token-invalid': { status: 401 },
  'token/access-token-expired': { status: 401 },
  'token/access-token-issuer': { status: 401 },
  'token/access-token-audience': { status: 401 },
  'token/asset-token-invalid': { status: 401 },
  'token/asset-token-expired': { status: 401 },
  'token/asset-token-issuer': { status: 401 },
  'token/asset-token-audience': { status: 401 },

  'device/denied': { status: 403 },
  'device/expired': { status: 401, needsLogin: true },
  'device/code-refused': { status: 401, needsLogin: true },
  'device/aborted': { status: 499 },
  'device/malformed-answer': { status: 502 },

  'session/missing': { status: 401, needsLogin: true },
  'session/ended': { status: 401, needsLogin: true },
  'session/too-large': { status: 500 },
  'session/data-invalid': { status: 500 },
  'session/response-started': { status: 503, retryable: true },
  'session/store-failed': { status: 503, retryable: true },

  'request/cross-origin': { status: 403 },
  'request/not-a-navigation': { status: 401 },
  'request/body-too-large': { status: 413 },
  'request/body-unreadable': { status: 400 },
} as const

/** What a code says about an error wherever it is thrown. */
export interface CodeTraits {
  readonly status: number
  readonly retryable?: true
  readonly needsLogin?: true
}

/**
 * The `error` values that Salesforce's authorization server is known to answer.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm
 */
export const OAUTH_ERRORS = [
  'access_denied',
  'app_blocked',
  'app_not_found',
  'authorization_pending',
  'bad_jti_claim',
  'ecapp_policy_not_found',
  'fail_close_app_blocked',
  'immediate_unsuccessful',
  'inactive_org',
  'inactive_user',
  'installation_error',
  'invalid_app_access',
  'invalid_assertion_type',
  'invalid_basic_auth_header',
  'invalid_client',
  'invalid_client_id',
  'invalid_distribution_state',
  'invalid_dpop_proof',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'invalid_session_level',
  'invalid_token',
  'login_error',
  'oauth_flow_disabled',
  'oauth_policy_not_found',
  'OAUTH_APP_ACCESS_DENIED',
  'OAUTH_APP_BLOCKED',
  'OAUTH_APPROVAL_ERROR_GENERIC',
  'OAUTH_AUTHORIZATION_BLOCKED',
  'OAUTH_EC_APP_NOT_FOUND',
  'rate_limit_exceeded',
  'redirect_uri_mismatch',
  'redirect_uri_missing',
  'server_error',
  'service_unavailable',
  'slow_down',
  'system_down',
  'unknown_error',
  'unsupported_grant_type',
  'unsupported_response_type',
  'unsupported_token_type',
  'use_dpop_nonce',
] as const

export type OAuthErrorName = (typeof OAUTH_ERRORS)[number]
export type OwnErrorCode = keyof typeof CODES
/** `oauth/unrecognized` stands for an `error` value that is not in the list; the value itself is on `OAuthError.error`. */
export type OAuthErrorCode = `oauth/${OAuthErrorName}` | 'oauth/unrecognized'
export type SalesforceAuthErrorCode = OwnErrorCode | OAuthErrorCode
