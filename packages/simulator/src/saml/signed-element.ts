import type { KeyObject } from 'node:crypto'
import { type Element, XMLSerializer } from '@xmldom/xmldom'
import { SignedXml } from 'xml-crypto'
import { children, namespaces, onlyChild, parseXml } from './xml.ts'

const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const signatureMethods = [
  'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
]
const digestMethods = ['http://www.w3.org/2000/09/xmldsig#sha1', 'http://www.w3.org/2001/04/xmlenc#sha256']

/**
 * The part of a document that an enveloped signature covers, parsed anew from what was signed: nothing wrapped
 * around it or slipped in beside it can be read.
 * @param carrier the element whose own child the signature must be
 * @throws {Error} when it is not signed by that key, in full and with methods Salesforce takes
 */
export function signedElement(document: string, carrier: Element, key: KeyObject): Element {
  const signature = onlyChild(carrier, namespaces.signature, 'Signature')
  const id = carrier.getAttribute('ID')
  if (!signature || !id) throw new Error('There is no signature, or nothing it could name.')
  requireMethods(signature)
  // The certificate inside the document proves nothing; the key comes from the app or the org.
  const checker = new SignedXml({
    publicCert: key.export({ type: 'spki', format: 'pem' }),
    getCertFromKeyInfo: () => null,
  })
  checker.loadSignature(new XMLSerializer().serializeToString(signature))
  if (!checker.checkSignature(document)) throw new Error('The document was changed after it was signed.')
  const [reference, ...others] = checker.getReferences()
  const [content] = checker.getSignedReferences()
  if (others.length > 0 || reference?.uri !== `#${id}` || content === undefined) {
    throw new Error('The signature covers something else.')
  }
  return parseXml(content)
}

function requireMethods(signature: Element): void {
  const info = onlyChild(signature, namespaces.signature, 'SignedInfo')
  const reference = onlyChild(info, namespaces.signature, 'Reference')
  const transforms = onlyChild(reference, namespaces.signature, 'Transforms')
  const algorithm = (parent: Element | undefined, name: string): string =>
    onlyChild(parent, namespaces.signature, name)?.getAttribute('Algorithm') ?? ''
  const steps = transforms ? children(transforms, namespaces.signature, 'Transform') : []
  const isKnown =
    algorithm(info, 'CanonicalizationMethod') === exclusive &&
    signatureMethods.includes(algorithm(info, 'SignatureMethod')) &&
    digestMethods.includes(algorithm(reference, 'DigestMethod')) &&
    steps.map((step) => step.getAttribute('Algorithm')).join(' ') === `${enveloped} ${exclusive}`
  if (!isKnown) throw new Error('The signature uses methods that are not taken.')
}
