import { base64url } from 'jose'
import { sameSecret } from '../crypto/pkce.ts'
import { TokenError } from '../errors/errors.ts'
import type { TokenSet } from './token-set.ts'

const utf8 = new TextEncoder()

/**
 * Checks the HMAC that Salesforce puts over identity URL and issue time with the consumer secret. Tokens without
 * one pass. It proves who the user is, not that the access token is genuine.
 * @throws {TokenError} `token/signature-mismatch` when none of the secrets made it.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm
 */
export async function verifySignature(tokens: TokenSet, secrets: readonly string[]): Promise<void> {
  const { signature, identityUrl } = tokens
  if (signature === undefined || identityUrl === undefined || secrets.length === 0) return
  const claimed = signature.value
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/(?<!=)=+$/, '')
  for (const secret of secrets) {
    const key = await crypto.subtle.importKey('raw', utf8.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
      'sign',
    ])
    const mac = await crypto.subtle.sign('HMAC', key, utf8.encode(identityUrl + signature.issuedAt))
    const expected = base64url.encode(new Uint8Array(mac)).replaceAll('-', '+').replaceAll('_', '/')
    if (sameSecret(claimed, expected)) return
  }
  throw new TokenError(
    'token/signature-mismatch',
    "The token answer's signature was not made with this app's secret.",
    {
      hint: 'If the Consumer Secret was rotated, give both: clientSecret takes a list, newest first.',
    },
  )
}
