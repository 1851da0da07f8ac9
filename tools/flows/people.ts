import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** An RSA key, and the certificate for the app that trusts it. */
export interface Keys {
  readonly privateKey: KeyObject
  /** PEM. */
  readonly key: string
  /** PEM. */
  readonly certificate: string
}

export function makeKeys(): Keys {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return {
    privateKey,
    key,
    certificate: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
  }
}

export interface Login {
  readonly url: URL
  readonly codeVerifier: string
}

/** Where an app sends a browser for a code. */
export function authorize(org: string, parameters: { clientId: string; redirectUri: string; scope: string }): Login {
  const { clientId: client_id, redirectUri: redirect_uri, scope } = parameters
  const codeVerifier = randomBytes(32).toString('base64url')
  const code_challenge = createHash('sha256').update(codeVerifier).digest('base64url')
  const search = {
    response_type: 'code',
    client_id,
    redirect_uri,
    scope,
    code_challenge,
    code_challenge_method: 'S256',
  }
  const url = new URL('/services/oauth2/authorize', org)
  url.search = new URLSearchParams(search).toString()
  return { url, codeVerifier }
}

/** The code that a callback brought. */
export function codeIn(callback: URL): string {
  const code = callback.searchParams.get('code')
  if (code === null) throw new Error(`No code came back, but ${callback.search}`)
  return code
}

/** Tells whose tokens these are, as Salesforce says it. @throws Error when Salesforce does not take them. */
export async function tellWhose(tokens: unknown): Promise<string> {
  const { accessToken = '', instanceUrl = '' } = tokens as { accessToken?: string; instanceUrl?: string }
  const response = await fetch(`${instanceUrl}/services/oauth2/userinfo`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  if (!response.ok) throw new Error(`The tokens are not accepted: ${response.status}`)
  const { preferred_username: name } = (await response.json()) as { preferred_username: string }
  return `The tokens are those of ${name}.`
}

/** A JWT as an identity provider signs one: RS256, for five minutes. */
export function signJwt(claims: Readonly<Record<string, unknown>>, { privateKey }: Keys): string {
  const exp = Math.floor(Date.now() / 1000) + 300
  const text = [
    { alg: 'RS256', typ: 'JWT' },
    { ...claims, exp },
  ]
    .map(base64url)
    .join('.')
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
