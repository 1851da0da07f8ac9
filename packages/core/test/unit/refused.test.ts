import { describe, expect, it } from 'vitest'
import { isRefused } from '../../src/connection/refused.ts'

const xml = { 'content-type': 'text/xml;charset=UTF-8' }
const json = { 'content-type': 'application/json;charset=UTF-8' }
const rest = (message: string, errorCode = 'INVALID_SESSION_ID'): string => JSON.stringify([{ message, errorCode }])
const soap = (code: string): string =>
  `<?xml version="1.0"?><soapenv:Envelope><soapenv:Body><soapenv:Fault><faultcode>${code}</faultcode><faultstring>x</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>`
const bulk = (code: string): string =>
  `<?xml version="1.0"?><error xmlns="http://www.force.com/2009/06/asyncapi/dataload">\n <exceptionCode>${code}</exceptionCode></error>`

type Row = readonly [what: string, status: number, body: string | null, headers: Record<string, string>]

describe('a refusal of a dead token', () => {
  it.each<Row>([
    ['REST', 401, rest('Session expired or invalid'), json],
    ['REST, in XML', 401, '<Errors><Error><errorCode>INVALID_SESSION_ID</errorCode></Error></Errors>', xml],
    ['a 401 without any body', 401, null, {}],
    ['a 401 with an empty body', 401, '', {}],
    ['Bulk', 400, bulk('InvalidSessionId'), { 'content-type': 'application/xml' }],
    ['identity and userinfo', 403, 'Bad_OAuth_Token', { 'content-type': 'text/html;charset=UTF-8' }],
    ['identity with a line end', 403, 'Bad_OAuth_Token\n', {}],
    ['SOAP', 500, soap('sf:INVALID_SESSION_ID'), xml],
    ['SOAP without prefix', 500, soap('INVALID_SESSION_ID'), xml],
    ['REST before a long tail', 401, rest('Session expired or invalid') + ' '.repeat(200_000), json],
  ])('%s', async (...[_what, status, body, headers]) => {
    const response = new Response(body, { status, headers })
    expect(await isRefused(response)).toBe(true)
    expect(await response.text()).toBe(body ?? '')
  })
})

describe('anything else', () => {
  it.each<Row>([
    ['success', 200, rest('Session expired or invalid'), json],
    ['a session that REST does not take', 401, rest('This session is not valid for use with the REST API'), json],
    ['a user who is not attached to an agent', 401, rest('Session not attached to Agent'), json],
    ['a malformed header', 401, rest('x', 'INVALID_AUTH_HEADER'), json],
    ['a 401 of a proxy', 401, '<html>Proxy login</html>', { 'content-type': 'text/html' }],
    ['a 403 of a missing right', 403, rest('x', 'INSUFFICIENT_ACCESS'), json],
    ['a 403 that names the text in passing', 403, 'Not Bad_OAuth_Token at all', {}],
    ['a 403 without token', 403, 'Missing_OAuth_Token', {}],
    ['another Bulk fault', 400, bulk('InvalidBatch'), xml],
    ['Bulk in a page that is no XML', 400, bulk('InvalidSessionId'), { 'content-type': 'text/plain' }],
    ['another SOAP fault', 500, soap('sf:UNKNOWN_EXCEPTION'), xml],
    ['a SOAP fault that quotes the code', 500, soap('sf:UNKNOWN').replace('>x<', '>INVALID_SESSION_ID<'), xml],
    ['a 500 that is JSON', 500, rest('Session expired or invalid'), json],
    ['an outage', 503, 'Session expired or invalid', {}],
    ['data that quotes it', 404, rest('Session expired or invalid'), json],
  ])('%s', async (...[_what, status, body, headers]) => {
    const response = new Response(body, { status, headers })
    expect(await isRefused(response)).toBe(false)
    expect(await response.text()).toBe(body ?? '')
  })

  it('a body that breaks while it is looked at is judged by what came', async () => {
    let pulls = 0
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (pulls++ === 0) controller.enqueue(new TextEncoder().encode('[{"errorCode":"INVALID_SESSION_ID"'))
        else controller.error(new Error('cut'))
      },
    })
    const response = new Response(stream, { status: 401 })
    expect(await isRefused(response)).toBe(true)
    await expect(response.text()).rejects.toThrow('cut')
  })

  it('of a body without end, no more than its beginning is read', async () => {
    let made = 0
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        made += 4_096
        controller.enqueue(new Uint8Array(4_096).fill(32))
      },
    })
    expect(await isRefused(new Response(stream, { status: 401 }))).toBe(false)
    expect(made).toBeLessThan(64 * 1024)
  })
})
