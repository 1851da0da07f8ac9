import { DOMParser, type Element } from '@xmldom/xmldom'

export const namespaces = {
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
} as const

/** @throws {Error} for anything that is no plain, well-formed document */
export function parseXml(text: string): Element {
  // Entities and DTDs have no place in SAML, only attacks do.
  if (text.includes('<!DOCTYPE')) throw new Error('The document has a DTD.')
  const parser = new DOMParser({
    onError: (_level, message) => {
      throw new Error(message)
    },
  })
  const root = parser.parseFromString(text, 'text/xml').documentElement
  if (!root) throw new Error('The document is empty.')
  return root
}

export function is(element: Element, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name
}

export function children(parent: Element, namespace: string, name: string): Element[] {
  return Array.from(parent.childNodes).filter(
    (node): node is Element => node.nodeType === node.ELEMENT_NODE && is(node as Element, namespace, name),
  )
}

/** The one child of that name, if there is exactly one. */
export function onlyChild(parent: Element | undefined, namespace: string, name: string): Element | undefined {
  const [first, ...others] = parent ? children(parent, namespace, name) : []
  return others.length === 0 ? first : undefined
}

export function textOf(element: Element | undefined): string {
  return element?.textContent?.trim() ?? ''
}
