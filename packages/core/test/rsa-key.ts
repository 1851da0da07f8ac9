import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { importSPKI, jwtVerify } from 'jose'
import type { JWK } from 'jose'
import { signAssertion } from '../src/crypto/jwt-sign.ts'
import { importPrivateKey } from '../src/crypto/private-key.ts'
import type { PrivateKey } from '../src/crypto/private-key.ts'

export const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const pem = (type: 'pkcs1' | 'pkcs8'): string => privateKey.export({ type, format: 'pem' }).toString()
export const jwk = privateKey.export({ format: 'jwk' }) as JWK
export const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()

/** What an assertion says that a form of the key signed, verified with its public half. */
export async function verified(key: PrivateKey): Promise<unknown> {
  const assertion = await signAssertion(await importPrivateKey(key), { iss: '3MVG9', exp: 4_000_000_000 })
  const { payload, protectedHeader } = await jwtVerify(assertion, await importSPKI(publicPem, 'RS256'))
  return { payload, protectedHeader }
}
