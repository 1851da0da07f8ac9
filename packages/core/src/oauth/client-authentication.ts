import type { CryptoKey } from 'jose'
import { signAssertion } from '../crypto/jwt-sign.ts'
import { importKeyOf } from '../crypto/private-key.ts'
import type { PrivateKey } from '../crypto/private-key.ts'

/** A request to the token or introspection endpoint, on its way out. */
export interface ClientRequest {
  readonly clientId: string
  /** The address of the token endpoint: the audience of a client assertion. */
  readonly audience: string
  readonly body: URLSearchParams
  readonly headers: Headers
  /** Epoch milliseconds. */
  readonly now: number
}

/** Adds to a request what proves the client's identity. */
export type ClientAuthentication = (request: ClientRequest) => void | Promise<void>

/** Sends the consumer secret in the body: what Salesforce documents first, and our default. */
export function clientSecretPost(secret: string): ClientAuthentication {
  return ({ clientId, body }) => {
    body.set('client_id', clientId)
    body.set('client_secret', secret)
  }
}

/** Sends the consumer secret in an `Authorization: Basic` header, without percent-encoding: so Salesforce reads it. */
export function clientSecretBasic(secret: string): ClientAuthentication {
  return ({ clientId, headers }) => {
    headers.set('authorization', `Basic ${btoa(`${clientId}:${secret}`)}`)
  }
}

/** Sends no proof: for an app that does not require its secret. The code is then protected by PKCE alone. */
export function publicClient(): ClientAuthentication {
  return ({ clientId, body }) => {
    body.set('client_id', clientId)
  }
}

/** Sends nothing about the client: for grants whose signature says who it is. */
export function noClientAuthentication(): ClientAuthentication {
  return () => {}
}

/**
 * Signs a client assertion with the key whose certificate the app holds. Never sends a secret beside it:
 * Salesforce would look at the secret only.
 * @throws {ConfigError} `config/invalid` at the first request when the key is not an unencrypted RSA private key.
 * @see RFC 7523 §2.2
 */
export function privateKeyJwt(key: PrivateKey): ClientAuthentication {
  return signedByKeyOf('key', key)
}

/** As `privateKeyJwt`, for a key that came by the name of this option. */
export function signedByKeyOf(option: string, key: PrivateKey): ClientAuthentication {
  let imported: Promise<CryptoKey> | undefined
  return async ({ clientId, audience, body, now }) => {
    imported ??= importKeyOf(option, key)
    const iat = Math.floor(now / 1000)
    const claims = { iss: clientId, sub: clientId, aud: audience, iat, exp: iat + 180, jti: crypto.randomUUID() }
    body.set('client_id', clientId)
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    body.set('client_assertion', await signAssertion(await imported, claims))
  }
}
