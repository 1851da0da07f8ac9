import { describe, expect, it } from 'vitest'
import { TokenError } from '../../src/errors/errors.ts'
import { verifySignature } from '../../src/oauth/signature.ts'
import type { TokenSet } from '../../src/oauth/token-set.ts'

const secret = '1955279925675241571'
const identityUrl = 'https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU'
const issuedAt = '1278448832702'
const value = 'mU0fYmtxE0irVVi6ZEBTgRlbAdhow2e6pEPnnUyElI8='

function signed(change: { value?: string; issuedAt?: string; identityUrl?: string } = {}): TokenSet {
  const { identityUrl: url = identityUrl, ...signature } = change
  return {
    accessToken: 'x',
    tokenType: 'Bearer',
    instanceUrl: 'https://acme.my.salesforce.com',
    expirySource: 'unknown',
    identityUrl: url,
    signature: { value, issuedAt, ...signature },
  }
}

describe('a signature passes', () => {
  it.each<[what: string, tokens: TokenSet, secrets: string[]]>([
    ['that the secret made', signed(), [secret]],
    ['that an older secret made', signed(), ['newer', secret]],
    ['without padding', signed({ value: value.slice(0, -1) }), [secret]],
    ['in the alphabet of URLs', signed({ value: value.replaceAll('+', '-').replaceAll('/', '_') }), [secret]],
    ['that nobody can check, for want of a secret', signed({ value: 'AAAA' }), []],
  ])('%s', async (_what, tokens, secrets) => {
    await expect(verifySignature(tokens, secrets)).resolves.toBeUndefined()
  })

  it('when there is none', async () => {
    const { signature: _, ...tokens } = signed()
    await expect(verifySignature(tokens, [secret])).resolves.toBeUndefined()
  })
})

describe('a signature is refused', () => {
  it.each<[what: string, tokens: TokenSet, secrets: string[]]>([
    ['of another secret', signed(), ['1955279925675241572']],
    ['over another user', signed({ identityUrl: identityUrl.replace('Q9P', 'Q9Q') }), [secret]],
    ['over another time', signed({ issuedAt: '1278448832703' }), [secret]],
    ['cut short', signed({ value: value.slice(0, 20) }), [secret]],
    ['with other capitals', signed({ value: value.toLowerCase() }), [secret]],
    ['that is no base64', signed({ value: '§§§' }), [secret]],
    ['with something behind it', signed({ value: `${value}AAAA` }), [secret]],
  ])('%s', async (_what, tokens, secrets) => {
    const failure = await verifySignature(tokens, secrets).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TokenError)
    expect(failure).toMatchObject({
      code: 'token/signature-mismatch',
      hint: expect.stringMatching(/clientSecret takes a list/),
    })
    expect(JSON.stringify(failure)).not.toContain(secret)
  })
})
