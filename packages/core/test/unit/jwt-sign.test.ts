import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { signAssertion } from '../../src/crypto/jwt-sign.ts'
import { importPrivateKey } from '../../src/crypto/private-key.ts'
import type { PrivateKey } from '../../src/crypto/private-key.ts'
import { jwk, pem, verified } from '../rsa-key.ts'

describe('a private key signs, whatever form it has', () => {
  it.each<[form: string, key: PrivateKey]>([
    ['PKCS#8', pem('pkcs8')],
    ['PKCS#1', pem('pkcs1')],
    ['PKCS#8 from an environment variable', pem('pkcs8').replaceAll('\n', '\\n')],
    ['PKCS#1 from an environment variable', pem('pkcs1').replaceAll('\n', '\\n')],
    ['PKCS#8 on Windows', pem('pkcs8').replaceAll('\n', '\r\n')],
    ['PKCS#1 with blanks around it', `\n  ${pem('pkcs1')}\n`],
    ['a JWK', jwk],
    ['a JWK with an algorithm', { ...jwk, alg: 'RS256', use: 'sig' }],
  ])('%s', async (_form, key) => {
    expect(await verified(key)).toEqual({
      payload: { iss: '3MVG9', exp: 4_000_000_000 },
      protectedHeader: { alg: 'RS256', typ: 'JWT' },
    })
  })

  it('an imported key', async () => {
    expect(await verified(await importPrivateKey(jwk))).toMatchObject({ payload: { iss: '3MVG9' } })
  })

  it.each([3072, 4096])('a PKCS#1 key of %i bits', async (modulusLength) => {
    const key = generateKeyPairSync('rsa', { modulusLength }).privateKey
    const text = key.export({ type: 'pkcs1', format: 'pem' }).toString()
    const assertion = await signAssertion(await importPrivateKey(text), {})
    expect((await jwtVerify(assertion, createPublicKey(key))).protectedHeader.alg).toBe('RS256')
  })
})
