import { base64url } from 'jose'
import { TokenError } from '../errors/errors.ts'

// Neither `<?xml …?>` nor a comment: the first start tag.
const FIRST_ELEMENT = /<(?:[\w.-]{1,50}:)?([\w.-]{1,50})[\s/>]/

/**
 * A SAML document in base64url without padding, whether it came as XML, base64 or base64url. Its signature and
 * conditions are for the server to judge.
 * @throws {TokenError} `token/assertion-invalid` when its first element is not the one that is needed.
 */
export function encodeSaml(document: string, element: 'Assertion' | 'Response'): string {
  const text = document.trim()
  const isXml = text.startsWith('<')
  const encoded = isXml ? base64url.encode(text) : toBase64url(text)
  const found = FIRST_ELEMENT.exec(isXml ? text : beginning(encoded))?.[1]
  if (found === element) return encoded
  const what = found === 'Assertion' || found === 'Response' ? `a SAML ${found}` : 'something else'
  throw new TokenError('token/assertion-invalid', `A SAML ${element} is needed, and this is ${what}.`, {
    hint:
      element === 'Assertion'
        ? 'Give the signed Assertion element itself; buildSamlBearerAssertion of @orgpass/saml makes one.'
        : 'Give the whole Response of the identity provider, as it was posted to the browser.',
  })
}

function toBase64url(text: string): string {
  return text
    .replace(/[\s=]+/g, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}

function beginning(encoded: string): string {
  try {
    return new TextDecoder().decode(base64url.decode(encoded.slice(0, 8_000)))
  } catch {
    return ''
  }
}
