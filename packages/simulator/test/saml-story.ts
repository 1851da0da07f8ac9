import { generateKeyPairSync } from 'node:crypto'
import { SignedXml } from 'xml-crypto'

export interface KeyPair {
  publicKey: string
  privateKey: string
}

export function newKeyPair(): KeyPair {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

export interface AssertionParts {
  issuer: string
  nameId: string
  audience: string
  recipient?: string
  id?: string
  /** Epoch milliseconds; default a minute ago and in five minutes. */
  notBefore?: number
  notOnOrAfter?: number
}

const iso = (at: number): string => new Date(at).toISOString()

export function assertionXml(parts: AssertionParts): string {
  const now = Date.now()
  const { issuer, nameId, audience, recipient, id = '_a1' } = parts
  const { notBefore = now - 60_000, notOnOrAfter = now + 300_000 } = parts
  const data = `NotOnOrAfter="${iso(notOnOrAfter)}"${recipient === undefined ? '' : ` Recipient="${recipient}"`}`
  return [
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0" IssueInstant="${iso(now)}">`,
    `<saml:Issuer>${issuer}</saml:Issuer>`,
    `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">${nameId}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`,
    `<saml:SubjectConfirmationData ${data}/></saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${iso(notBefore)}" NotOnOrAfter="${iso(notOnOrAfter)}">`,
    `<saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `</saml:Assertion>`,
  ].join('')
}

export function responseXml(assertion: string, { id = '_r1', status = 'Success' } = {}): string {
  const code = `urn:oasis:names:tc:SAML:2.0:status:${status}`
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${id}" Version="2.0"><samlp:Status><samlp:StatusCode Value="${code}"/></samlp:Status>${assertion}</samlp:Response>`
}

export interface SignOptions {
  /** Default `Assertion`. */
  element?: 'Assertion' | 'Response'
  signature?: 'sha1' | 'sha256'
  digest?: 'sha1' | 'sha256'
  /** Of the signature's elements. */
  prefix?: string
  inclusivePrefixes?: string[]
}

const signatures = {
  sha1: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  sha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
}
const digests = {
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
}

export function signXml(xml: string, privateKey: string, options: SignOptions = {}): string {
  const { element = 'Assertion', signature = 'sha256', digest = 'sha256', prefix, inclusivePrefixes = [] } = options
  const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
  const signer = new SignedXml({
    privateKey,
    signatureAlgorithm: signatures[signature],
    canonicalizationAlgorithm: exclusive,
    inclusiveNamespacesPrefixList: inclusivePrefixes,
  })
  const xpath = `//*[local-name(.)='${element}']`
  signer.addReference({
    xpath,
    digestAlgorithm: digests[digest],
    inclusiveNamespacesPrefixList: inclusivePrefixes,
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', exclusive],
  })
  signer.computeSignature(xml, {
    ...(prefix !== undefined && { prefix }),
    location: { reference: `${xpath}/*[1]`, action: 'before' },
  })
  return signer.getSignedXml()
}

export function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
