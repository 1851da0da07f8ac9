import type { OwnErrorCode } from './codes.ts'
import { APP_PAGE } from './hints/hint.ts'

/** How one of Salesforce's APIs refused a call, whatever shape it was written in. */
export interface RestAnswer {
  readonly status: number
  readonly errorCode?: string
  readonly description?: string
  /** There was no body at all. */
  readonly isEmpty?: boolean
}

/** What to do about one refusal of an API. The first row that fits wins. */
export interface RestHint {
  readonly code: OwnErrorCode & `rest/${string}`
  /** Every member that is given must fit. */
  readonly on: {
    readonly status?: readonly number[]
    readonly errorCode?: RegExp
    readonly description?: RegExp
    readonly isEmpty?: true
  }
  readonly answers: readonly RestAnswer[]
  readonly cause: string
  readonly hint: string
}

export const REST_HINTS: readonly RestHint[] = [
  {
    code: 'rest/not-for-rest-api',
    on: { description: /not valid for use with the REST API/i },
    answers: [
      {
        status: 401,
        errorCode: 'INVALID_SESSION_ID',
        description: 'This session is not valid for use with the REST API',
      },
    ],
    cause: 'The token is alive but may not call this API. A new one of the same login may not either.',
    hint: `Add the scope api at ${APP_PAGE} › Settings › OAuth Settings › Selected OAuth Scopes, and log in again.`,
  },
  {
    code: 'rest/not-attached-to-agent',
    on: { description: /not attached to Agent/i },
    answers: [{ status: 401, description: 'Connected app is not attached to Agent' }],
    cause: 'The app is not one of those that may talk to this agent. A new token does not help.',
    hint: 'Add the app to the connections of the agent: Setup › Agentforce Agents.',
  },
  {
    code: 'rest/session-expired',
    on: { errorCode: /^(?:(?:sf:)?INVALID_SESSION_ID|InvalidSessionId|Bad_OAuth_Token)$/ },
    answers: [
      { status: 401, errorCode: 'INVALID_SESSION_ID', description: 'Session expired or invalid' },
      { status: 400, errorCode: 'InvalidSessionId', description: 'Invalid session id' },
      { status: 403, errorCode: 'Bad_OAuth_Token' },
      { status: 500, errorCode: 'sf:INVALID_SESSION_ID' },
    ],
    cause: 'The access token is dead: expired, revoked, or of an org that moved.',
    hint: "Make the call with the connection's fetch: it renews the token and repeats the call. Seen from there, the renewed token was refused as well: log in again.",
  },
  {
    code: 'rest/invalid-auth-header',
    on: { errorCode: /^INVALID_AUTH_HEADER$/ },
    answers: [{ status: 401, errorCode: 'INVALID_AUTH_HEADER', description: 'INVALID_HEADER_TYPE' }],
    cause: 'Salesforce could not read the Authorization header.',
    hint: "Make the call with the connection's fetch, and see whether a proxy changes the header.",
  },
  {
    code: 'rest/token-missing',
    on: { errorCode: /^Missing_OAuth_Token$/ },
    answers: [{ status: 403, errorCode: 'Missing_OAuth_Token' }],
    cause: 'The call arrived without a token.',
    hint: "Make the call with the connection's fetch. A proxy may take the Authorization header away.",
  },
  {
    code: 'rest/api-disabled',
    on: { errorCode: /^API_(?:DISABLED_FOR_ORG|CURRENTLY_DISABLED)$/ },
    answers: [
      {
        status: 403,
        errorCode: 'API_DISABLED_FOR_ORG',
        description: 'The REST API is not enabled for this Organization.',
      },
    ],
    cause: "The org's edition has no API, or the user lacks the permission API Enabled.",
    hint: 'Give the user a permission set with API Enabled: Setup › Permission Sets. Editions below Enterprise need the API added.',
  },
  {
    code: 'rest/concurrency-exceeded',
    on: { errorCode: /^REQUEST_LIMIT_EXCEEDED$/, description: /Concurrent/i },
    answers: [
      {
        status: 403,
        errorCode: 'REQUEST_LIMIT_EXCEEDED',
        description: 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.',
      },
    ],
    cause: 'Too many calls that take 20 seconds or more run at once: 25 in production, 5 in a Developer Edition org.',
    hint: 'Make fewer slow calls at once, and make them faster: selective queries, smaller batches, the Bulk API.',
  },
  {
    code: 'rest/limit-exceeded',
    on: { errorCode: /^REQUEST_LIMIT_EXCEEDED$/ },
    answers: [{ status: 403, errorCode: 'REQUEST_LIMIT_EXCEEDED', description: 'TotalRequests Limit exceeded.' }],
    cause: "The org has used up its API calls of the last 24 hours, its other programs' calls included.",
    hint: 'Wait, and make fewer calls: the Bulk or Composite API, a cache. Setup › Company Information shows the allowance.',
  },
  {
    code: 'rest/insufficient-access',
    on: { errorCode: /^INSUFFICIENT_ACCESS/ },
    answers: [
      {
        status: 403,
        errorCode: 'INSUFFICIENT_ACCESS',
        description: 'insufficient access rights on object id',
      },
      {
        status: 400,
        errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
        description: 'insufficient access rights on object id',
      },
    ],
    cause: 'The user behind the token may not do this to this record; the token itself is fine.',
    hint: "Look at the user's profile, permission sets and the sharing of the record: Setup › Users › the user › View Summary.",
  },
  {
    code: 'rest/wrong-org',
    on: { errorCode: /^Wrong_Org$/ },
    answers: [{ status: 403, errorCode: 'Wrong_Org' }],
    cause: 'The identity URL is of another org than the token.',
    hint: 'Use the identity that came with this very token: connection.identity() does.',
  },
  {
    code: 'rest/identity-refused',
    on: { errorCode: /^(?:Bad_Id|Inactive|No_Access|No_Site_Endpoint)$/ },
    answers: [
      { status: 404, errorCode: 'Bad_Id' },
      { status: 404, errorCode: 'Inactive' },
      { status: 404, errorCode: 'No_Access' },
      { status: 404, errorCode: 'No_Site_Endpoint' },
    ],
    cause: 'The identity service does not describe this user to this token: unknown, deactivated, or out of its reach.',
    hint: 'Check the user at Setup › Users, and that the token has the scope id or openid. Other users than the own one need the scope api, the permission API Enabled and access to the user record; a site user needs the address of the site.',
  },
  {
    code: 'rest/malformed-call',
    on: { errorCode: /^(?:HTTPS_Required|Invalid_Version|Invalid_Callback)$/ },
    answers: [
      { status: 403, errorCode: 'HTTPS_Required' },
      { status: 406, errorCode: 'Invalid_Version' },
      { status: 406, errorCode: 'Invalid_Callback' },
    ],
    cause: 'The identity service could not make sense of the call.',
    hint: 'Use connection.identity(), or https and a version that exists.',
  },
  {
    code: 'rest/version-retired',
    on: { errorCode: /^UNSUPPORTED_API_VERSION$/ },
    answers: [{ status: 500, errorCode: 'UNSUPPORTED_API_VERSION' }],
    cause: 'Salesforce has retired this version of the API.',
    hint: 'Call a version that /services/data lists.',
  },
  {
    code: 'rest/version-retired',
    on: { status: [410] },
    answers: [{ status: 410, description: 'Gone' }],
    cause: 'Salesforce has retired this version of the API.',
    hint: 'Call a version that /services/data lists.',
  },
  {
    code: 'rest/login-failed',
    on: { errorCode: /^(?:sf:)?INVALID_LOGIN$/ },
    answers: [
      {
        status: 500,
        errorCode: 'INVALID_LOGIN',
        description: 'Invalid username, password, security token; or user locked out.',
      },
    ],
    cause: 'The SOAP login was refused. Salesforce retires that login in 2027, for versions from 65 on it is gone.',
    hint: 'Use an OAuth flow instead: chooseFlow() names the one that fits.',
  },
  {
    code: 'rest/org-gone',
    on: { status: [420] },
    answers: [{ status: 420 }],
    cause: 'The org was deleted or has expired, as scratch orgs and sandboxes do; now and then it is only a hiccup.',
    hint: 'Try once or twice more, then connect another org.',
  },
  {
    code: 'rest/unavailable',
    on: { errorCode: /^(?:SERVER_UNAVAILABLE|Internal_Error|Internal Error|UNKNOWN_EXCEPTION)$/ },
    answers: [
      { status: 503, errorCode: 'SERVER_UNAVAILABLE' },
      { status: 404, errorCode: 'Internal_Error' },
    ],
    cause: 'Salesforce could not answer just now.',
    hint: 'Wait a few seconds and try again, longer each time. status.salesforce.com shows maintenance.',
  },
  {
    code: 'rest/unavailable',
    on: { status: [429, 502, 503, 504] },
    answers: [{ status: 429 }, { status: 503 }],
    cause: 'Salesforce, or something in front of it, is overloaded or under maintenance.',
    hint: 'Wait a few seconds and try again, longer each time. status.salesforce.com shows maintenance.',
  },
  {
    code: 'rest/nothing-there',
    on: { status: [404], isEmpty: true },
    answers: [{ status: 404, isEmpty: true }],
    cause: 'Nothing is there, or a service of api.salesforce.com got an opaque token where it takes JWTs only.',
    hint: `Check the path. For api.salesforce.com, turn on JWT-based access tokens: ${APP_PAGE} › Settings › OAuth Settings.`,
  },
  {
    code: 'rest/not-found',
    on: { status: [404], errorCode: /^NOT_FOUND$/ },
    answers: [{ status: 404, errorCode: 'NOT_FOUND', description: 'The requested resource does not exist' }],
    cause: 'The record or the path does not exist, or this user may not see it.',
    hint: "Check the id, the object's API name and the version in the path.",
  },
]

/** Advice for a refusal that stands in no row. */
export const UNRECOGNIZED_REST_HINT =
  "Look the errorCode up in the documentation of the API that was called; the answer's words are on this error object."

export function findRestHint({
  status,
  errorCode = '',
  description = '',
  isEmpty = false,
}: RestAnswer): RestHint | undefined {
  return REST_HINTS.find(
    ({ on }) =>
      (on.status?.includes(status) ?? true) &&
      (on.errorCode?.test(errorCode) ?? true) &&
      (on.description?.test(description) ?? true) &&
      (on.isEmpty ?? isEmpty) === isEmpty,
  )
}
