import type { KeyObject } from 'node:crypto'
import type { Element } from '@xmldom/xmldom'
import { signedElement } from './signed-element.ts'
import { children, is, namespaces, onlyChild, parseXml, textOf } from './xml.ts'

/** What an assertion says. Moments are epoch milliseconds, NaN where they cannot be read. */
export interface Assertion {
  id: string
  issuer: string
  nameId: string
  audiences: readonly string[]
  /** One for each bearer confirmation of the subject. */
  confirmations: readonly { recipient: string; notOnOrAfter: number }[]
  notBefore: number
  notOnOrAfter: number
}

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const success = 'urn:oasis:names:tc:SAML:2.0:status:Success'

/** Who a bare assertion claims to come from; nothing is verified yet. @throws {Error} when it is none */
export function claimedIssuer(document: string): string {
  return textOf(onlyChild(requireNamed(parseXml(document), 'assertion', 'Assertion'), namespaces.assertion, 'Issuer'))
}

/** @throws {Error} unless the assertion itself is signed by that key */
export function verifyAssertion(document: string, key: KeyObject): Assertion {
  const root = requireNamed(parseXml(document), 'assertion', 'Assertion')
  return read(requireNamed(signedElement(document, root, key), 'assertion', 'Assertion'))
}

/** The one assertion of a successful response, of which the whole or the assertion is signed. @throws {Error} else */
export function verifyResponse(document: string, key: KeyObject): Assertion {
  const root = requireNamed(parseXml(document), 'protocol', 'Response')
  if (onlyChild(root, namespaces.signature, 'Signature')) {
    const response = requireNamed(signedElement(document, root, key), 'protocol', 'Response')
    requireSuccess(response)
    return read(onlyAssertion(response))
  }
  requireSuccess(root)
  return read(requireNamed(signedElement(document, onlyAssertion(root), key), 'assertion', 'Assertion'))
}

function requireNamed(element: Element, namespace: 'assertion' | 'protocol', name: string): Element {
  if (!is(element, namespaces[namespace], name)) throw new Error(`The document is no ${name}.`)
  return element
}

function requireSuccess(response: Element): void {
  const status = onlyChild(onlyChild(response, namespaces.protocol, 'Status'), namespaces.protocol, 'StatusCode')
  if (status?.getAttribute('Value') !== success) throw new Error('The response reports a failure.')
}

function onlyAssertion(response: Element): Element {
  const assertion = onlyChild(response, namespaces.assertion, 'Assertion')
  if (!assertion) throw new Error('The response does not hold exactly one plain assertion.')
  return assertion
}

function read(assertion: Element): Assertion {
  const child = (parent: Element | undefined, name: string): Element | undefined =>
    onlyChild(parent, namespaces.assertion, name)
  const subject = child(assertion, 'Subject')
  const conditions = child(assertion, 'Conditions')
  const restriction = child(conditions, 'AudienceRestriction')
  return {
    id: assertion.getAttribute('ID') ?? '',
    issuer: textOf(child(assertion, 'Issuer')),
    nameId: textOf(child(subject, 'NameID')),
    audiences: restriction ? children(restriction, namespaces.assertion, 'Audience').map(textOf) : [],
    confirmations: (subject ? children(subject, namespaces.assertion, 'SubjectConfirmation') : [])
      .filter((confirmation) => confirmation.getAttribute('Method') === bearer)
      .map((confirmation) => child(confirmation, 'SubjectConfirmationData'))
      .map((data) => ({
        recipient: data?.getAttribute('Recipient') ?? '',
        notOnOrAfter: moment(data, 'NotOnOrAfter'),
      })),
    notBefore: moment(conditions, 'NotBefore'),
    notOnOrAfter: moment(conditions, 'NotOnOrAfter'),
  }
}

function moment(element: Element | undefined, attribute: string): number {
  return Date.parse(element?.getAttribute(attribute) ?? '')
}
