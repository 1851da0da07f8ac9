import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findRestHint, REST_HINTS, UNRECOGNIZED_REST_HINT } from '../../src/errors/rest-hints.ts'
import type { RestAnswer } from '../../src/errors/rest-hints.ts'
import { isSalesforceAuthError, readRestError, RestError } from '../../src/index.ts'
import type { SalesforceAuthErrorCode, TokenSet } from '../../src/index.ts'
import { connect } from '../wire/connected.ts'
import { openWire } from '../wire/wire.ts'
import type { Wire } from '../wire/wire.ts'

type Code = SalesforceAuthErrorCode & `rest/${string}`
type Fate = 'login' | 'retry' | 'fix'
type Place = 'data' | 'identity' | 'userinfo'

const flags = { login: [true, false], retry: [false, true], fix: [false, false] } as const
let wire: Wire
let tokens: TokenSet

beforeAll(async () => {
  wire = await openWire()
  tokens = await wire.tokens()
})
afterEach(() => wire.sim.faults.clear())
afterAll(() => wire.close())

function call(place: Place): Promise<Response> {
  const { instanceUrl, accessToken, identity } = tokens
  const paths = {
    data: '/services/data',
    userinfo: '/services/oauth2/userinfo',
    identity: `/id/${identity?.orgId}/${identity?.userId}`,
  }
  return fetch(instanceUrl + paths[place], { headers: { authorization: `Bearer ${accessToken}` } })
}

async function understood(response: Response): Promise<RestError> {
  const error = await readRestError(response)
  if (error === undefined) throw new Error('The answer was not understood as a refusal.')
  return error
}

const simulated: readonly (readonly [Place, error: string, description: string | undefined, Code, Fate, RegExp])[] = [
  ['data', 'INVALID_SESSION_ID', 'Session expired or invalid', 'rest/session-expired', 'login', /connection's fetch/],
  [
    'data',
    'INVALID_SESSION_ID',
    'This session is not valid for use with the REST API',
    'rest/not-for-rest-api',
    'fix',
    /scope api/,
  ],
  ['data', 'X', 'Connected app is not attached to Agent', 'rest/not-attached-to-agent', 'fix', /agent/],
  ['data', 'INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE', 'rest/invalid-auth-header', 'fix', /proxy/],
  [
    'data',
    'API_DISABLED_FOR_ORG',
    'The REST API is not enabled for this Organization.',
    'rest/api-disabled',
    'fix',
    /API Enabled/,
  ],
  [
    'data',
    'REQUEST_LIMIT_EXCEEDED',
    'TotalRequests Limit exceeded.',
    'rest/limit-exceeded',
    'retry',
    /Company Information/,
  ],
  [
    'data',
    'REQUEST_LIMIT_EXCEEDED',
    'ConcurrentRequests (Concurrent API Requests) Limit exceeded.',
    'rest/concurrency-exceeded',
    'retry',
    /fewer slow calls/,
  ],
  [
    'data',
    'INSUFFICIENT_ACCESS',
    'insufficient access rights on object id',
    'rest/insufficient-access',
    'fix',
    /sharing/,
  ],
  [
    'data',
    'INSUFFICIENT_ACCESS_OR_READONLY',
    'insufficient access rights on object id',
    'rest/insufficient-access',
    'fix',
    /permission sets/,
  ],
  ['data', 'NOT_FOUND', 'The requested resource does not exist', 'rest/not-found', 'fix', /API name/],
  ['data', 'SERVER_UNAVAILABLE', undefined, 'rest/unavailable', 'retry', /status\.salesforce\.com/],
  ['data', 'InvalidSessionId', undefined, 'rest/session-expired', 'login', /log in again/],
  ['data', 'sf:INVALID_SESSION_ID', undefined, 'rest/session-expired', 'login', /log in again/],
  ['data', 'Bad_OAuth_Token', undefined, 'rest/session-expired', 'login', /log in again/],
  ['userinfo', 'Bad_OAuth_Token', undefined, 'rest/session-expired', 'login', /log in again/],
  ['userinfo', 'Missing_OAuth_Token', undefined, 'rest/token-missing', 'fix', /Authorization header/],
  ['identity', 'Bad_OAuth_Token', undefined, 'rest/session-expired', 'login', /log in again/],
  ['identity', 'HTTPS_Required', undefined, 'rest/malformed-call', 'fix', /https/],
  ['identity', 'Missing_OAuth_Token', undefined, 'rest/token-missing', 'fix', /Authorization header/],
  ['identity', 'Wrong_Org', undefined, 'rest/wrong-org', 'fix', /connection\.identity/],
  ['identity', 'Bad_Id', undefined, 'rest/identity-refused', 'fix', /Setup › Users/],
  ['identity', 'Inactive', undefined, 'rest/identity-refused', 'fix', /Setup › Users/],
  ['identity', 'No_Access', undefined, 'rest/identity-refused', 'fix', /scope api/],
  ['identity', 'No_Site_Endpoint', undefined, 'rest/identity-refused', 'fix', /site/],
  ['identity', 'Internal_Error', undefined, 'rest/unavailable', 'retry', /status\.salesforce\.com/],
  ['identity', 'Internal Error', undefined, 'rest/unavailable', 'retry', /status\.salesforce\.com/],
  ['identity', 'Invalid_Version', undefined, 'rest/malformed-call', 'fix', /version/],
  ['identity', 'Invalid_Callback', undefined, 'rest/malformed-call', 'fix', /connection\.identity/],
]

describe('what the simulator answers', () => {
  it.each(simulated)(
    'at %s, %s: %s, is %s and leads to %s',
    async (...[place, error, description, code, fate, hint]) => {
      wire.sim.faults.next(place, { error, ...(description !== undefined && { description }) })
      const response = await call(place)
      const failure = await understood(response)
      expect(failure).toMatchObject({ code, httpStatus: response.status })
      expect([failure.needsLogin, failure.retryable]).toEqual(flags[fate])
      expect(failure.hint).toMatch(hint)
      expect(await response.text()).not.toBe('')
    },
  )

  it('to a connection twice in a row is the dead token of a session that must end', async () => {
    const { connection } = await connect(wire)
    wire.sim.faults.next('data', { error: 'INVALID_SESSION_ID', description: 'Session expired or invalid' }, 2)
    const failure = await understood(await connection.fetch('/services/data'))
    expect(failure).toMatchObject({ code: 'rest/session-expired', status: 401, needsLogin: true })
  })

  it('as a maintenance page says that it passes', async () => {
    wire.sim.faults.next('data', { status: 503, body: 'html' })
    expect(await understood(await call('data'))).toMatchObject({ code: 'rest/unavailable', retryable: true })
  })

  it('when all is well is no error', async () => {
    expect(await readRestError(await call('data'))).toBeUndefined()
  })
})

const soap = (code: string, text: string): string =>
  `<?xml version="1.0"?><e:Envelope xmlns:e="x"><e:Body><e:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring></e:Fault></e:Body></e:Envelope>`

describe('an answer the simulator does not give', () => {
  it.each<[what: string, status: number, body: string | null, Code, Fate]>([
    ['of a retired version', 410, 'Gone', 'rest/version-retired', 'fix'],
    ['of a retired SOAP version', 500, soap('UNSUPPORTED_API_VERSION', 'x'), 'rest/version-retired', 'fix'],
    ['of a deleted org', 420, null, 'rest/org-gone', 'retry'],
    ['of a throttle', 429, null, 'rest/unavailable', 'retry'],
    ['of api.salesforce.com', 404, null, 'rest/nothing-there', 'fix'],
    ['to a SOAP login', 500, soap('INVALID_LOGIN', 'INVALID_LOGIN: user locked out.'), 'rest/login-failed', 'login'],
    ['of a gateway that lost its way', 404, '<html><title>404</title></html>', 'rest/unrecognized', 'fix'],
    ['with broken JSON', 400, '[{"errorCode":', 'rest/unrecognized', 'fix'],
    ['with an empty list', 400, '[]', 'rest/unrecognized', 'fix'],
    ['with numbers for words', 400, '[{"errorCode":1,"message":{}}]', 'rest/unrecognized', 'fix'],
    ['with a list of nothing', 400, '[null]', 'rest/unrecognized', 'fix'],
  ])('%s (%i) is typed', async (...[_what, status, body, code, fate]) => {
    const failure = await understood(new Response(body, { status }))
    expect(failure).toMatchObject({ code, httpStatus: status, hint: expect.stringMatching(/\.$/) })
    expect([failure.needsLogin, failure.retryable]).toEqual(flags[fate])
  })

  it('that is new keeps its own words and says where to look', async () => {
    const body = JSON.stringify([{ errorCode: 'BRAND_NEW', message: 'of next year' }])
    expect(await understood(new Response(body, { status: 400 }))).toMatchObject({
      code: 'rest/unrecognized',
      errorCode: 'BRAND_NEW',
      description: 'of next year',
      message: 'Salesforce answered 400 "BRAND_NEW: of next year".',
      hint: UNRECOGNIZED_REST_HINT,
    })
  })

  it('puts no token and no markup into the error', async () => {
    const token = `00D000000000001!${'A'.repeat(96)}`
    const body = JSON.stringify([{ errorCode: '<script>', message: `Bearer ${token}` }])
    const failure = await understood(new Response(body, { status: 400 }))
    expect(JSON.stringify([failure, failure.description, failure.errorCode])).not.toMatch(/<script>|AAAA/)
  })

  it('that never ends is judged by its beginning', async () => {
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(4096).fill(120)),
    })
    expect(await understood(new Response(stream, { status: 400 }))).toMatchObject({ code: 'rest/unrecognized' })
  })
})

describe('the table of REST errors', () => {
  it('leads every answer it lists to its own row', () => {
    const astray = REST_HINTS.flatMap((row) => row.answers.filter((answer: RestAnswer) => findRestHint(answer) !== row))
    expect(astray).toEqual([])
    expect(REST_HINTS.filter(({ answers }) => answers.length === 0)).toEqual([])
  })

  it('makes errors that every copy of this kit recognizes', () => {
    expect(isSalesforceAuthError(new RestError({ status: 403 }))).toBe(true)
  })
})
