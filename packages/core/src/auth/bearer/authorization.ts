/** What the `Authorization` header of a request is, as far as a bearer guard must know. */
export type Authorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'dpop' }
  | { readonly kind: 'malformed'; readonly problem: string }
  | { readonly kind: 'bearer'; readonly token: string }

/** Salesforce's longest tokens have some 1,500 characters. */
const MAX_LENGTH = 8 * 1024

/**
 * Reads an `Authorization` header. Anything that is not one clean bearer token is `malformed`, and a scheme that is not
 * taken here counts as no credentials at all, as the RFC wants it. Salesforce's opaque tokens hold a `!`, which the RFC's
 * own alphabet lacks.
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function parseAuthorization(header: string | undefined): Authorization {
  if (header === undefined || header === '') return { kind: 'none' }
  if (header.length > MAX_LENGTH) return malformed(`is longer than ${MAX_LENGTH} characters`)
  const space = header.indexOf(' ')
  const scheme = (space === -1 ? header : header.slice(0, space)).toLowerCase()
  if (scheme === 'dpop') return { kind: 'dpop' }
  if (scheme !== 'bearer')
    return /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(scheme) ? { kind: 'none' } : malformed('has no scheme')
  const token = header.slice(scheme.length).trim()
  if (token === '') return malformed('holds no token')
  return /^[A-Za-z0-9._~+/!-]+=*$/.test(token) ? { kind: 'bearer', token } : malformed('holds more than one token')
}

function malformed(problem: string): Authorization {
  return { kind: 'malformed', problem }
}
