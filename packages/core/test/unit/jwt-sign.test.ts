import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { importSPKI, jwtVerify } from 'jose'
import type { JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { importPrivateKey, signAssertion } from '../../src/crypto/jwt-sign.ts'
import type { PrivateKey } from '../../src/crypto/jwt-sign.ts'
import { ConfigError } from '../../src/errors/errors.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = (type: 'pkcs1' | 'pkcs8'): string => privateKey.export({ type, format: 'pem' }).toString()
const jwk = privateKey.export({ format: 'jwk' }) as JWK
const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()

async function verified(key: PrivateKey): Promise<unknown> {
  const assertion = await signAssertion(await importPrivateKey(key), { iss: '3MVG9', exp: 4_000_000_000 })
  const { payload, protectedHeader } = await jwtVerify(assertion, await importSPKI(publicPem, 'RS256'))
  return { payload, protectedHeader }
}

async function refusal(key: unknown): Promise<unknown> {
  try {
    await importPrivateKey(key as PrivateKey)
  } catch (error) {
    return error
  }
  throw new Error('The key was accepted')
}

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

describe('a key that cannot sign is a ConfigError that does not show it', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  const encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' })
  const encrypted1 = privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' })
  const { d, p, q, dp, dq, qi, ...publicJwk } = jwk
  it.each<[form: string, key: unknown]>([
    ['nothing', ''],
    ['no PEM', 'PLANTEDkey'],
    ['a public key', publicPem],
    ['a public JWK', publicJwk],
    ['an EC key', ec.export({ type: 'pkcs8', format: 'pem' })],
    ['an EC JWK', ec.export({ format: 'jwk' })],
    ['a symmetric JWK', { kty: 'oct', k: 'UExBTlRFRA' }],
    ['an RSA key of 1024 bits', weak.export({ type: 'pkcs8', format: 'pem' })],
    ['an encrypted PKCS#8 key', encrypted],
    ['an encrypted PKCS#1 key', encrypted1],
    ['half a key', pem('pkcs8').slice(0, 400)],
    ['a PKCS#1 key with its middle missing', pem('pkcs1').replace(/\n.{64}\n/, '\n')],
    ['PKCS#1 without content', '-----BEGIN RSA PRIVATE KEY-----\n\n-----END RSA PRIVATE KEY-----'],
    ['an empty object', {}],
    ['null', null],
    ['a number', 7],
  ])('%s', async (_form, key) => {
    const error = await refusal(key)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({
      code: 'config/invalid',
      faults: [{ option: 'privateKey' }],
      hint: expect.stringMatching(/2048/),
    })
    expect(JSON.stringify(error)).not.toMatch(/PLANTED|UExBTlRFRA/)
    expect(error).not.toHaveProperty('cause')
    expect([d, p, q, dp, dq, qi].some((part) => JSON.stringify(error).includes(String(part)))).toBe(false)
  })

  it('an imported public key', async () => {
    expect(await refusal(await importSPKI(publicPem, 'RS256'))).toBeInstanceOf(ConfigError)
  })
})
