import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { importSPKI } from 'jose'
import { describe, expect, it } from 'vitest'
import { importPrivateKey } from '../../src/crypto/private-key.ts'
import type { PrivateKey } from '../../src/crypto/private-key.ts'
import { ConfigError } from '../../src/errors/errors.ts'
import { jwk, pem, privateKey, publicPem, verified } from '../rsa-key.ts'

async function refusal(key: unknown): Promise<unknown> {
  try {
    await importPrivateKey(key as PrivateKey)
  } catch (error) {
    return error
  }
  throw new Error('The key was accepted')
}

describe('a key that cannot sign is a ConfigError that gives the reason and does not show the key', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey
  const ed = generateKeyPairSync('ed25519').privateKey
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  const encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' })
  const encrypted1 = privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' })
  const { d, p, q, dp, dq, qi, ...publicJwk } = jwk
  const label = (name: string): string => `-----BEGIN ${name}-----\nUExBTlRFRA==\n-----END ${name}-----`
  it.each<[form: string, key: unknown, problem: string]>([
    ['nothing', undefined, 'is missing'],
    ['null', null, 'is missing'],
    ['an empty text', '', 'is empty'],
    ['blanks', ' \n', 'is empty'],
    ['no PEM', 'PLANTEDkey', 'is not a private key in PEM form'],
    ['the name of a file', './private-key.pem', 'is not a private key in PEM form'],
    ['the format of ssh', label('OPENSSH PRIVATE KEY'), 'is not a private key in PEM form'],
    ['a public key', publicPem, 'is a public key'],
    ['a public PKCS#1 key', label('RSA PUBLIC KEY'), 'is a public key'],
    ['a public JWK', publicJwk, 'is a public key'],
    ['a certificate', label('CERTIFICATE'), 'is a certificate'],
    ['an EC key', ec.export({ type: 'pkcs8', format: 'pem' }), 'is not an RSA key'],
    ['an EC key of its own form', ec.export({ type: 'sec1', format: 'pem' }), 'is not an RSA key'],
    ['an EC JWK', ec.export({ format: 'jwk' }), 'is not an RSA key'],
    ['an Ed25519 key', ed.export({ type: 'pkcs8', format: 'pem' }), 'is not an RSA key'],
    ['a symmetric JWK', { kty: 'oct', k: 'UExBTlRFRA' }, 'is not an RSA key'],
    ['an RSA-PSS key', pss.export({ type: 'pkcs8', format: 'pem' }), 'is not an RSA key'],
    ['an RSA key of 1024 bits', weak.export({ type: 'pkcs8', format: 'pem' }), 'is too short: 1024 bits'],
    ['an RSA JWK of 1024 bits', weak.export({ format: 'jwk' }), 'is too short: 1024 bits'],
    ['an encrypted PKCS#8 key', encrypted, 'is encrypted'],
    ['an encrypted PKCS#1 key', encrypted1, 'is encrypted'],
    ['half a key', pem('pkcs8').slice(0, 400), 'cannot be read'],
    ['a PKCS#1 key with its middle missing', pem('pkcs1').replace(/\n.{64}\n/, '\n'), 'cannot be read'],
    ['PKCS#1 without content', label('RSA PRIVATE KEY').replace('UExBTlRFRA==', ''), 'cannot be read'],
    ['PKCS#8 that is something else', label('PRIVATE KEY'), 'cannot be read'],
    ['an empty object', {}, 'is neither a PEM text, a JWK nor a CryptoKey'],
    ['a number', 7, 'is neither a PEM text, a JWK nor a CryptoKey'],
    ["Node's own kind of key", privateKey, 'is neither a PEM text, a JWK nor a CryptoKey'],
  ])('%s', async (_form, key, problem) => {
    const error = await refusal(key)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({
      code: 'config/invalid',
      faults: [{ option: 'key', problem }],
      hint: expect.stringMatching(/2048/),
    })
    expect(JSON.stringify(error)).not.toMatch(/PLANTED|UExBTlRFRA/)
    expect(error).not.toHaveProperty('cause')
    expect([d, p, q, dp, dq, qi].some((part) => JSON.stringify(error).includes(String(part)))).toBe(false)
  })

  it.each<[form: string, algorithm: object, usages: KeyUsage[], problem: string]>([
    ['for RSA-PSS', { name: 'RSA-PSS', hash: 'SHA-256' }, ['sign'], 'is not for RS256'],
    ['for another hash', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' }, ['sign'], 'is not for RS256'],
    ['for decryption', { name: 'RSA-OAEP', hash: 'SHA-256' }, ['decrypt'], 'is not for RS256'],
    ['on a curve', { name: 'ECDSA', namedCurve: 'P-256' }, ['sign'], 'is not an RSA key'],
  ])('an imported key %s', async (...[, algorithm, usages, problem]) => {
    const from = (problem === 'is not an RSA key' ? ec : privateKey).export({ type: 'pkcs8', format: 'der' })
    const key = await crypto.subtle.importKey('pkcs8', from, algorithm as RsaHashedImportParams, true, usages)
    expect(await refusal(key)).toMatchObject({ faults: [{ option: 'key', problem }] })
  })

  it.each([
    ['PKCS#8', encrypted],
    ['PKCS#1', encrypted1],
  ])('%s is decrypted by the command that the hint names', async (_form, key) => {
    const { hint = '' } = (await refusal(key)) as ConfigError
    const [, subcommand = ''] = /openssl (\w+ .*?) -in key\.pem -out plain\.pem/.exec(hint) ?? []
    const args = [...subcommand.split(' '), '-passin', 'pass:p']
    const { stdout } = spawnSync('openssl', args, { input: key, encoding: 'utf8' })
    expect(await verified(stdout)).toMatchObject({ payload: { iss: '3MVG9' } })
  })

  it('an imported public key', async () => {
    const fault = { option: 'key', problem: 'is a public key' }
    expect(await refusal(await importSPKI(publicPem, 'RS256'))).toMatchObject({ faults: [fault] })
  })
})
