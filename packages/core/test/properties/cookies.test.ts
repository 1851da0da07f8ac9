import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSeal, deriveKeyring, openWithJose } from '../../src/crypto/seal.ts'
import type { Seal } from '../../src/crypto/seal.ts'
import { openWithNodeCrypto } from '../../src/node/seal.ts'
import { cookieNames, readChunked, readCookie, writeChunked } from '../../src/session/cookie.ts'
import { packSession, unpackSession } from '../../src/session/session.ts'
import type { SessionRecord } from '../../src/session/session.ts'
import { Transactions } from '../../src/session/transaction.ts'
import { cookieHeader, visit } from '../inputs/scripted-salesforce.ts'

const runs = { numRuns: 2_000 }
const secrets = ['k3J9vQ2mX7pL5tR8wZ1nB4cY6hG0sD3f']
const seal = (purpose: string): Seal => createSeal(() => deriveKeyring(secrets, purpose), openWithNodeCrypto)
const options = { secure: true, maxAge: 60_000 }

const base64url = fc.string({ unit: fc.constantFrom(...Array.from('abcXYZ019-_.')), maxLength: 12_000 })
const chaos = fc
  .array(fc.constantFrom('a', 'b', 'ab', '=', ';', ' ', '\t', ',', '"', '%', '2:', '.', '.1', 'x', 'é'), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''))
const header = fc.oneof(chaos, fc.string({ unit: 'binary' }), fc.constant(';'.repeat(5_000)))

/** A plain way to take a Cookie header apart: the first pair of a name counts, and only spaces may stand before it. */
function reference(text: string, name: string): string | undefined {
  const pairs = text.split(';').map((pair) => pair.replace(/^ +|[ \t]+$/g, ''))
  const pair = pairs.find((each) => each.slice(0, Math.max(0, each.indexOf('='))) === name)
  return pair?.slice(name.length + 1)
}

describe('reading cookies', () => {
  it('never throws, whatever the header', () => {
    fc.assert(
      fc.property(header, fc.constantFrom('a', 'ab', 'a.1', '.'), (text, name) => {
        expect(['string', 'undefined']).toContain(typeof readCookie(text, name))
        expect(['string', 'undefined']).toContain(typeof readChunked(text, name))
        for (const each of cookieNames(text, name)) expect(readCookie(text, each)).toBeDefined()
      }),
      runs,
    )
  })

  it('agrees with a plain reading of the rules', () => {
    fc.assert(
      fc.property(chaos, fc.constantFrom('a', 'ab', 'b', 'a.1'), (text, name) => {
        expect(readCookie(text, name)).toBe(reference(text, name))
      }),
      runs,
    )
  })

  it('gives back what was written in chunks, and clears what an earlier value left', () => {
    fc.assert(
      fc.property(base64url, base64url, (first, second) => {
        const one = visit('/')
        fc.pre(writeChunked(one, 's', { value: first, ...options }))
        const two = visit('/', { headers: { cookie: cookieHeader(one) } })
        fc.pre(writeChunked(two, 's', { value: second, ...options }))
        // The browser: later lines replace earlier ones, Max-Age=0 deletes.
        const jar = new Map([...one.lines, ...two.lines])
        const kept = [...jar.values()]
          .filter((line) => !line.includes('Max-Age=0'))
          .map((line) => line.slice(0, line.indexOf(';')))
        const looksChunked = /^[2-9]:/.test(second)
        fc.pre(!looksChunked)
        expect(readChunked(kept.join('; '), 's')).toBe(second)
        for (const line of jar.values()) expect(line.length).toBeLessThanOrEqual(4_096)
      }),
      { numRuns: 300 },
    )
  })

  it('refuses a value that is too long, and then writes nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 11_399, max: 200_000 }), (length) => {
        const exchange = visit('/')
        expect(writeChunked(exchange, 's', { value: 'x'.repeat(length), ...options })).toBe(false)
        expect(exchange.lines.size).toBe(0)
      }),
      { numRuns: 50 },
    )
  })
})

const json = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 })
const time = fc.integer({ min: 0, max: 4_102_444_800_000 })
const record = fc
  .record({
    accessToken: text,
    refreshToken: fc.option(text),
    scope: fc.option(fc.array(fc.constantFrom('api', 'id', 'openid'))),
    time,
    expiresAt: fc.option(time),
    json,
    renewals: fc.nat(),
    revision: fc.nat(),
    rolling: fc.boolean(),
  })
  .map((made): SessionRecord => ({
    sid: 'sid',
    login: { kind: 'site', base: 'https://acme.my.site.com/p', origin: 'https://acme.my.site.com' },
    tokens: {
      accessToken: made.accessToken,
      tokenType: made.rolling ? 'Bearer' : 'DPoP',
      instanceUrl: 'https://acme.my.salesforce.com',
      identity: { orgId: '00Dx0000000BV7zEAG', userId: '005x00000012Q9PAAU' },
      expirySource: made.expiresAt === null ? 'unknown' : 'answer',
      ...(made.refreshToken !== null && { refreshToken: made.refreshToken }),
      ...(made.scope !== null && { scope: made.scope }),
      ...(made.expiresAt !== null && { expiresAt: made.expiresAt, issuedAt: made.time }),
    },
    renewals: made.renewals,
    createdAt: made.time,
    seenAt: made.time,
    limits: { idle: 1_000, absolute: 2_000, rolling: made.rolling },
    data: JSON.parse(JSON.stringify(made.json)) as SessionRecord['data'],
    revision: made.revision,
  }))

describe('a session', () => {
  it('comes back as it was packed', () => {
    fc.assert(
      fc.property(record, (session) => {
        expect(unpackSession(packSession(session))).toEqual(session)
      }),
      { numRuns: 500 },
    )
  })

  it('makes Set-Cookie lines of plain characters, whatever is in it', async () => {
    const sealer = seal('session/salesforce')
    await fc.assert(
      fc.asyncProperty(record, async (session) => {
        const exchange = visit('/')
        const sealed = await sealer.seal(packSession(session))
        fc.pre(writeChunked(exchange, '__Host-salesforce.sid', { value: sealed, ...options }))
        for (const line of exchange.lines.values())
          expect(line).toMatch(
            /^__Host-salesforce\.sid(?:\.\d)?=[\w:.-]*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
          )
        expect(
          unpackSession((await sealer.open(readChunked(cookieHeader(exchange), '__Host-salesforce.sid') ?? '')) ?? ''),
        ).toEqual(session)
      }),
      { numRuns: 200 },
    )
  })

  it('makes transaction lines of plain characters, whatever the return address', async () => {
    const transactions = new Transactions({
      seal: seal('transaction/salesforce'),
      cookiePrefix: '__Host-salesforce.tx',
      secure: true,
      now: Date.now,
    })
    const login = {
      kind: 'public',
      base: 'https://login.salesforce.com',
      origin: 'https://login.salesforce.com',
    } as const
    await fc.assert(
      fc.asyncProperty(text, header, async (returnTo, cookie) => {
        const exchange = visit('/', { headers: { cookie } })
        await transactions.start(exchange, { login, returnTo })
        for (const line of exchange.lines.values())
          expect(line).toMatch(
            /^__Host-salesforce\.tx\.[\w-]+=[\w.-]*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
          )
      }),
      { numRuns: 200 },
    )
  })
})

describe('a seal', () => {
  it('never throws on opening, and both openers say the same', async () => {
    const keyring = await deriveKeyring(secrets, 'x')
    const [key] = keyring
    const jose = createSeal(async () => keyring, openWithJose)
    const node = createSeal(async () => keyring, openWithNodeCrypto)
    const sealed = await jose.seal('{"a":"bcdefghij"}')
    const mutation = fc.record({
      at: fc.nat(sealed.length),
      drop: fc.nat(3),
      add: fc.oneof(
        fc.constantFrom('', 'A', '=', '.', '..', '\n', ' ', '%', key?.header ?? ''),
        fc.string({ maxLength: 5 }),
      ),
    })
    const mutated = fc
      .array(mutation, { minLength: 1, maxLength: 2 })
      .map((steps) =>
        steps.reduce((rest, { at, drop, add }) => rest.slice(0, at) + add + rest.slice(at + drop), sealed),
      )
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, fc.string({ unit: 'binary' }), fc.base64String()), async (candidate) => {
        const opened = await jose.open(candidate)
        expect(await node.open(candidate)).toBe(opened)
        expect([undefined, '{"a":"bcdefghij"}']).toContain(opened)
      }),
      runs,
    )
  })
})
