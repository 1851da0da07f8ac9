import { RequestError } from '../../errors/errors.ts'
import type { SalesforceAuthError } from '../../errors/errors.ts'
import type { Reply } from '../../http/exchange.ts'

/** What every challenge of one API says. */
export interface Realm {
  readonly name: string
  /** Address of the document that says where to get a token; absent when the app does not serve it. */
  readonly metadataUrl?: string
}

interface Complaint {
  readonly error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope'
  readonly scope?: readonly string[]
}

/** The `WWW-Authenticate` value. Every part of it comes from the app's own checked configuration and code. */
export function wwwAuthenticate({ name, metadataUrl }: Realm, { error, scope }: Complaint = {}): string {
  const parameters = { realm: name, error, scope: scope?.join(' '), resource_metadata: metadataUrl }
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
  return `Bearer ${given.map(([parameter, value]) => `${parameter}="${value}"`).join(', ')}`
}

/** The answer to a request without a token that is taken here; a challenge without a code, as the RFC wants it. */
export function bearerMissing(realm: Realm): Reply {
  const error = new RequestError('request/bearer-missing', 'This address takes a Salesforce access token.', {
    hint: 'Send it in the header Authorization: Bearer <token>.',
  })
  return answer(realm, error)
}

/** The answer to a token that would take the place of a session which a guard let pass. */
export function bearerTooLate(realm: Realm): Reply {
  const error = new RequestError('request/bearer-missing', 'The session of this request has passed, not its token.', {
    hint: 'Send the token without the session cookie. In the app, put requiresBearer() before the other guards.',
  })
  return answer(realm, error)
}

export function bearerMalformed(realm: Realm, problem: string): Reply {
  const error = new RequestError('request/bearer-malformed', `The request's access token ${problem}.`, {
    hint: 'Send one token, in the header Authorization: Bearer <token> and nowhere else.',
  })
  return answer(realm, error, { error: 'invalid_request' })
}

/** The answer to a token that is not taken here. */
export function bearerRefused(realm: Realm, error: SalesforceAuthError): Reply {
  return answer(realm, error, { error: 'invalid_token' })
}

/** The answer to a scheme that is not taken here, whatever the token. */
export function schemeRefused(realm: Realm, error: SalesforceAuthError): Reply {
  return answer(realm, error)
}

function answer(realm: Realm, error: SalesforceAuthError, complaint: Complaint = {}): Reply {
  return {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'www-authenticate': wwwAuthenticate(realm, complaint),
    },
    body: JSON.stringify(error),
  }
}
