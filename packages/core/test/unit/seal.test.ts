import { compactDecrypt, CompactEncrypt } from 'jose'
import { describe, expect, it } from 'vitest'
import { createSeal, deriveKeyring, openWithJose } from '../../src/crypto/seal.ts'
import type { OpenSeal, Seal } from '../../src/crypto/seal.ts'
import { openWithNodeCrypto } from '../../src/node/seal.ts'
import { unpackSession } from '../../src/session/session.ts'
import vectors from './seal-vectors.json' with { type: 'json' }

const SECRET = 'k3J9vQ2mX7pL5tR8wZ1nB4cY6hG0sD3f'
const OLD = 'old-k3J9vQ2mX7pL5tR8wZ1nB4cY6hG0sD3f'
const openers: [name: string, opener: OpenSeal][] = [
  ['jose', openWithJose],
  ['node:crypto', openWithNodeCrypto],
]

function seal(secrets: string[] = [SECRET], purpose = 'session/salesforce', opener: OpenSeal = openWithJose): Seal {
  return createSeal(() => deriveKeyring(secrets, purpose), opener)
}

describe.each(openers)('a seal opened by %s', (_name, opener) => {
  it.each(['', 'x', 'ä€𝄞', '{"a":1}', 'x'.repeat(20_000)])('gives %.10j back', async (plain) => {
    const sealed = await seal().seal(plain)
    expect(await seal([SECRET], undefined, opener).open(sealed)).toBe(plain)
  })

  it('is a compact JWE that says how it was made', async () => {
    const sealed = await seal().seal('x')
    expect(JSON.parse(atob(sealed.split('.')[0] ?? ''))).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      kid: expect.stringMatching(/^[\w-]{8}$/),
      v: 1,
    })
    const [key] = await seal().ready()
    expect(new TextDecoder().decode((await compactDecrypt(sealed, key?.bytes ?? new Uint8Array())).plaintext)).toBe('x')
  })

  it('differs each time', async () => {
    expect(await seal().seal('x')).not.toBe(await seal().seal('x'))
  })

  it('opens with an old secret, and seals with the newest', async () => {
    const before = await seal([OLD]).seal('x')
    const both = seal([SECRET, OLD], undefined, opener)
    expect(await both.open(before)).toBe('x')
    const after = await both.seal('y')
    expect(await seal([SECRET], undefined, opener).open(after)).toBe('y')
    expect(await seal([OLD], undefined, opener).open(after)).toBeUndefined()
    expect(await seal([SECRET], undefined, opener).open(before)).toBeUndefined()
  })

  it.each([
    ['session/salesforce', 'transaction/salesforce'],
    ['session/salesforce', 'session/partner'],
    ['session/a', 'session/a/'],
  ])('of purpose %s stays shut for %s', async (made, asked) => {
    const sealed = await seal([SECRET], made).seal('x')
    expect(await seal([SECRET], asked, opener).open(sealed)).toBeUndefined()
  })

  it('stays shut when any one character of it is another', async () => {
    const sealed = await seal().seal('{"sid":"0123456789"}')
    const shut = seal([SECRET], undefined, opener)
    await shut.ready()
    const opened: number[] = []
    for (let i = 0; i < sealed.length; i++) {
      const other = sealed[i] === 'A' ? 'Q' : 'A'
      if ((await shut.open(sealed.slice(0, i) + other + sealed.slice(i + 1))) !== undefined) opened.push(i)
    }
    expect(opened).toEqual([])
  })

  it.each<[what: string, tamper: (parts: string[]) => string[]]>([
    ['a part missing', (parts) => parts.slice(0, 4)],
    ['a part too many', (parts) => [...parts, 'x']],
    ['a key where none belongs', ([a = '', , ...rest]) => [a, 'AAAA', ...rest]],
    ['a tag cut short', (parts) => [...parts.slice(0, 4), parts[4]?.slice(0, 16) ?? '']],
    ['no tag', (parts) => [...parts.slice(0, 4), '']],
    ['an iv of another length', ([a = '', b = '', , ...rest]) => [a, b, 'AAAAAAAAAAAAAAAAAAAAAA', ...rest]],
    ['no text', ([a = '', b = '', c = '', , e = '']) => [a, b, c, '', e]],
    ['a dangling character', ([a = '', b = '', c = '', d = '', e = '']) => [a, b, c, `${d}A`, e]],
    ['padding', ([a = '', b = '', c = '', d = '', e = '']) => [a, b, c, `${d}=`, e]],
    ['blanks around', ([a = '', ...rest]) => [` ${a}`, ...rest]],
    ['a line end', (parts) => [...parts.slice(0, 4), `${parts[4]}\n`]],
  ])('stays shut with %s', async (_what, tamper) => {
    const shut = seal([SECRET], undefined, opener)
    for (const plain of ['123', '1234', '12345']) {
      const sealed = await seal().seal(plain)
      expect(await shut.open(tamper(sealed.split('.')).join('.'))).toBeUndefined()
    }
  })

  it.each(['', '.', '....', 'x', 'eyJhbGciOiJub25lIn0..', 'a'.repeat(100_000), '\u0000', `${'.'.repeat(50_000)}`])(
    'is not %.20j',
    async (garbage) => expect(await seal([SECRET], undefined, opener).open(garbage)).toBeUndefined(),
  )

  it('stays shut when the same key was used in another way', async () => {
    const [key] = await seal().ready()
    const sealed = await new CompactEncrypt(new TextEncoder().encode('x'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key?.kid ?? '', v: 2 })
      .encrypt(key?.bytes ?? new Uint8Array())
    expect(await seal([SECRET], undefined, opener).open(sealed)).toBeUndefined()
  })

  it('counts as shut when its content is not UTF-8', async () => {
    const keyring = await seal().ready()
    const [key] = keyring
    const sealed = await new CompactEncrypt(Uint8Array.of(0xff, 0xfe))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key?.kid ?? '', v: 1 })
      .encrypt(key?.bytes ?? new Uint8Array())
    expect(await seal([SECRET], undefined, opener).open(sealed)).toBeUndefined()
  })

  it('opens what earlier versions sealed, for ever', async () => {
    const session = await seal([vectors.secret], 'session/salesforce', opener).open(vectors.session.sealed)
    expect(unpackSession(session ?? '')).toEqual(vectors.session.record)
    const transaction = await seal([vectors.secret], 'transaction/salesforce', opener).open(vectors.transaction.sealed)
    expect(JSON.parse(transaction ?? '')).toEqual(vectors.transaction.content)
  })
})

it('without a key cannot be made, and opens nothing', async () => {
  await expect(seal([]).seal('x')).rejects.toThrow(/at least one key/)
  expect(await seal([]).open(await seal().seal('x'))).toBeUndefined()
})
