import { describe, expect, it } from 'vitest'
import { pkceChallenge, randomSecret, sameSecret, sha256 } from '../../src/crypto/pkce.ts'

describe('PKCE', () => {
  it('makes the challenge of RFC 7636, appendix B', async () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    expect(await pkceChallenge(verifier)).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
  })

  it('makes verifiers that RFC 7636 allows and that never repeat', () => {
    const verifiers = Array.from({ length: 1_000 }, randomSecret)
    expect(new Set(verifiers).size).toBe(1_000)
    for (const verifier of verifiers) expect(verifier).toMatch(/^[\w-]{43}$/)
  })

  it('hashes texts as UTF-8', async () => {
    expect(await sha256('é')).toBe(
      Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from('é', 'utf8'))).toString('base64url'),
    )
  })
})

describe('sameSecret', () => {
  it.each([
    ['', '', true],
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['abc', 'Abc', false],
    ['abc', 'ab', false],
    ['abc', 'abcd', false],
    ['a\u0000', 'a', false],
  ])('%j and %j: %s', (a, b, same) => {
    expect(sameSecret(a, b)).toBe(same)
  })
})
