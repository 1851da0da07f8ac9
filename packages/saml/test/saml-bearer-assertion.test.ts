import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { DOMParser, XMLSerializer } from '@xmldom/xmldom'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SignedXml } from 'xml-crypto'
import { buildSamlBearerAssertion } from '../src/index.ts'
import type { SamlBearerAssertionOptions } from '../src/index.ts'
import { certificateOf } from './certificate.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const verifyingKey = publicKey.export({ type: 'spki', format: 'pem' }).toString()

const essentials: SamlBearerAssertionOptions = {
  issuer: '3MVG9.consumer_key',
  username: 'ada@acme.example',
  audience: 'https://login.salesforce.com',
  recipient: 'https://acme.my.salesforce.com/services/oauth2/token',
  privateKey: pem,
  now: () => Date.UTC(2026, 10, 22, 12),
}
const build = (changes: Partial<SamlBearerAssertionOptions> = {}): string =>
  buildSamlBearerAssertion({ ...essentials, ...changes })

/** What the signature covers, or nothing when it is wrong. */
function signedPart(xml: string): string | undefined {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement
  const signature = [...(root?.childNodes ?? [])].find((node) => node.nodeName === 'ds:Signature')
  if (signature === undefined) return undefined
  const checker = new SignedXml({ publicCert: verifyingKey })
  checker.loadSignature(new XMLSerializer().serializeToString(signature))
  try {
    return checker.checkSignature(xml) ? checker.getSignedReferences()[0] : undefined
  } catch {
    return undefined
  }
}

/** Text or attributes of the only element with this name. */
function element(
  xml: string,
  name: string,
  prefix = 'saml',
): { text: string | null; attribute: (name: string) => string | null } {
  const found = new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagName(`${prefix}:${name}`)
  const only = found.length === 1 ? found[0] : undefined
  if (only === undefined) throw new Error(`There are ${found.length} elements ${name}.`)
  return { text: only.textContent, attribute: (attribute) => only.getAttribute(attribute) }
}

describe('the assertion', () => {
  it('names app, user, audience and recipient where Salesforce looks for them', () => {
    const xml = build()
    expect(element(xml, 'Issuer').text).toBe('3MVG9.consumer_key')
    expect(element(xml, 'NameID').text).toBe('ada@acme.example')
    expect(element(xml, 'Audience').text).toBe('https://login.salesforce.com')
    const confirmation = element(xml, 'SubjectConfirmationData')
    expect(confirmation.attribute('Recipient')).toBe('https://acme.my.salesforce.com/services/oauth2/token')
    expect(element(xml, 'SubjectConfirmation').attribute('Method')).toBe('urn:oasis:names:tc:SAML:2.0:cm:bearer')
  })

  it('lasts five minutes from now, forgives a minute of clock, and has an id of its own', () => {
    const xml = build()
    const conditions = element(xml, 'Conditions')
    expect(conditions.attribute('NotBefore')).toBe('2026-11-22T11:59:00.000Z')
    expect(conditions.attribute('NotOnOrAfter')).toBe('2026-11-22T12:05:00.000Z')
    expect(element(xml, 'SubjectConfirmationData').attribute('NotOnOrAfter')).toBe('2026-11-22T12:05:00.000Z')
    expect(element(xml, 'Assertion').attribute('IssueInstant')).toBe('2026-11-22T12:00:00.000Z')
    expect(element(build(), 'Assertion').attribute('ID')).not.toBe(element(xml, 'Assertion').attribute('ID'))
    expect(element(build({ lifetime: 60_000 }), 'Conditions').attribute('NotOnOrAfter')).toBe(
      '2026-11-22T12:01:00.000Z',
    )
  })

  it('is signed as a whole, by RSA-SHA256, right behind the issuer', () => {
    const xml = build()
    expect(signedPart(xml)).toMatch(/^<saml:Assertion .*ada@acme\.example.*<\/saml:Assertion>$/s)
    expect(xml).toContain('xmldsig-more#rsa-sha256')
    expect(xml).not.toContain('sha1')
    expect(xml).toMatch(/<\/saml:Issuer><ds:Signature .*<\/ds:Signature><saml:Subject>/s)
  })

  it('no longer verifies when a user name is changed afterwards', () => {
    expect(signedPart(build().replace('ada@', 'eve@'))).toBeUndefined()
  })

  it('shows a certificate only when one is given', () => {
    const certificate = certificateOf({ privateKey, publicKey })
    expect(build()).not.toContain('KeyInfo')
    const shown = element(build({ certificate }), 'X509Certificate', 'ds').text
    expect(new X509Certificate(Buffer.from(shown ?? '', 'base64')).toString()).toBe(certificate)
  })

  it.each([
    ['PKCS#1', privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['PEM on one line, as environment variables have it', pem.replaceAll('\n', '\\n')],
    ['a key object', createPrivateKey(pem)],
  ])('is signed with %s', (_, key) => {
    expect(signedPart(build({ privateKey: key }))).toBeDefined()
  })
})

describe('what cannot be signed is refused', () => {
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

  it.each([
    ['a key on a curve', curve],
    ['a public key', publicKey],
    [
      'an encrypted key',
      privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
    ],
    ['no key at all', 'secret-looking text'],
  ])('%s', (_, key) => {
    const attempt = (): string => build({ privateKey: key })
    expect(attempt).toThrow(TypeError)
    expect(attempt).toThrow(/^privateKey is not an unencrypted RSA private key\. Give it as PEM/)
  })

  it.each([1024, 2047])('a key of %i bits, which is too short to be trusted', (modulusLength) => {
    const short = generateKeyPairSync('rsa', { modulusLength }).privateKey
    const attempt = (): string => build({ privateKey: short })
    expect(attempt).toThrow(TypeError)
    expect(attempt).toThrow(/^privateKey has fewer than 2048 bits\. Make a new one/)
  })

  it.each([
    ['somebody else’s certificate', certificateOf(generateKeyPairSync('rsa', { modulusLength: 2048 }))],
    ['no certificate at all', 'secret-looking text'],
  ])('%s', (_, certificate) => {
    expect(() => build({ certificate })).toThrow(/^certificate is not the PEM certificate of privateKey/)
  })

  it.each(['issuer', 'username', 'audience', 'recipient'] as const)('an empty or unwritable %s', (name) => {
    expect(() => build({ [name]: '' })).toThrow(`${name} is empty`)
    expect(() => build({ [name]: 'a\u0000b' })).toThrow(`${name} has control characters`)
  })
})

it('keeps every text a text: no user name can add markup', () => {
  const writable = fc
    .string({ unit: 'binary', minLength: 1 })
    .filter((text) => !/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(text))
  fc.assert(
    fc.property(fc.oneof(writable, fc.constantFrom('</saml:NameID>', ']]>', '<!--', '&amp;', '"/><x')), (username) => {
      const xml = build({ username, recipient: username })
      expect(element(xml, 'NameID').text).toBe(username)
      expect(element(xml, 'SubjectConfirmationData').attribute('Recipient')).toBe(username)
      expect(signedPart(xml)).toBeDefined()
    }),
    { numRuns: 40 },
  )
}, 60_000)
