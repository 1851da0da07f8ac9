import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAuthorization } from '../../src/auth/bearer/authorization.ts'

const token = '00D5e000001AbCd!AQEAQ.x_y~z+/='

describe('an Authorization header', () => {
  it.each([
    [undefined, 'none'],
    ['', 'none'],
    ['Basic dXNlcjpwdw==', 'none'],
    ['Negotiate', 'none'],
    ['Digest username="a", realm="b"', 'none'],
    [`DPoP ${token}`, 'dpop'],
    ['dpop', 'dpop'],
    ['Bearer', 'malformed'],
    ['Bearer ', 'malformed'],
    ['Bearer    ', 'malformed'],
    [`Bearer ${token} ${token}`, 'malformed'],
    [`Bearer ${token}, Bearer ${token}`, 'malformed'],
    [`Bearer ${token},${token}`, 'malformed'],
    [`Bearer "${token}"`, 'malformed'],
    [`Bearer token=${token}`, 'malformed'],
    [`Bearer ${token}\u0000`, 'malformed'],
    [`Bearer\t${token}`, 'malformed'],
    ['Bearer tök', 'malformed'],
    [` Bearer ${token}`, 'malformed'],
    [`Bearer ${'x'.repeat(8 * 1024)}`, 'malformed'],
    [`Bearer ${token}`, 'bearer'],
    [`bearer ${token}`, 'bearer'],
    [`BEARER   ${token}  `, 'bearer'],
  ])('%j is %s', (header, kind) => {
    expect(parseAuthorization(header).kind).toBe(kind)
  })

  it('yields exactly the token it was made of', () => {
    const character = fc.constantFrom(...'ABCXYZabcxyz0189-._~+/!'.split(''))
    const tokens = fc.tuple(fc.array(character, { minLength: 1, maxLength: 300 }), fc.nat(2))
    fc.assert(
      fc.property(tokens, fc.constantFrom('Bearer', 'bearer', 'bEaReR'), ([characters, padding], scheme) => {
        const made = characters.join('') + '='.repeat(padding)
        expect(parseAuthorization(`${scheme} ${made}`)).toEqual({ kind: 'bearer', token: made })
      }),
    )
  })

  it('of any text is read at once, and a token never holds anything that could be two', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }).map((text) => `Bearer ${text}`),
      fc
        .tuple(fc.constantFrom('a', '=', ' ', ',', '!', 'a=', ' ,', '='), fc.nat(5_000))
        .map(([unit, times]) => `Bearer ${unit.repeat(times)}`),
    )
    let slowest = 0
    fc.assert(
      fc.property(texts, (header) => {
        const startedAt = performance.now()
        const read = parseAuthorization(header)
        slowest = Math.max(slowest, performance.now() - startedAt)
        return read.kind !== 'bearer' || /^[^\s,"=]+=*$/.test(read.token)
      }),
      { numRuns: 1_000 },
    )
    expect(slowest).toBeLessThan(50)
  })
})
