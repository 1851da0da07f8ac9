import type { OAuthError } from '../http/oauth-error.ts'

const statuses: Readonly<Record<string, number>> = {
  INVALID_SESSION_ID: 401,
  INVALID_AUTH_HEADER: 401,
  invalid_dpop_proof: 401,
  use_dpop_nonce: 401,
  NOT_FOUND: 404,
  SERVER_UNAVAILABLE: 503,
}

/** A refused API call: the REST array, or the shape in which other APIs and gateways say the same. */
export function restRefusal({ code, description }: OAuthError): Response {
  if (code === 'Bad_OAuth_Token') return text(code, { status: 403, type: 'text/html' })
  if (code === 'InvalidSessionId') {
    const xml = `<?xml version="1.0" encoding="UTF-8"?><error xmlns="http://www.force.com/2009/06/asyncapi/dataload"><exceptionCode>InvalidSessionId</exceptionCode><exceptionMessage>${description || 'Invalid session id'}</exceptionMessage></error>`
    return text(xml, { status: 400, type: 'application/xml' })
  }
  if (code === 'sf:INVALID_SESSION_ID') {
    const fault = `<soapenv:Fault><faultcode>sf:INVALID_SESSION_ID</faultcode><faultstring>INVALID_SESSION_ID: Invalid Session ID found in SessionHeader</faultstring></soapenv:Fault>`
    const envelope = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body>${fault}</soapenv:Body></soapenv:Envelope>`
    return text(envelope, { status: 500, type: 'text/xml' })
  }
  const status = description === 'Connected app is not attached to Agent' ? 401 : (statuses[code] ?? 403)
  return text(JSON.stringify([{ message: description || code, errorCode: code }]), { status, type: 'application/json' })
}

function text(body: string, { status, type }: { status: number; type: string }): Response {
  return new Response(body, { status, headers: { 'content-type': `${type};charset=UTF-8` } })
}
