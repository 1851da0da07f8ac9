import { createPrivateKey, KeyObject, randomUUID, X509Certificate } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import { xmlText } from './xml-text.ts'

export interface SamlBearerAssertionOptions {
  /** The Consumer Key of the app that holds the certificate. */
  issuer: string
  /** The Salesforce user name to act as. */
  username: string
  /** `https://login.salesforce.com`, `https://test.salesforce.com` for a sandbox, or the address of a site. */
  audience: string
  /** The token endpoint the assertion goes to: `https://<name>.my.salesforce.com/services/oauth2/token`. */
  recipient: string
  /** The RSA key whose certificate the app holds, of 2048 bits or more: PEM, unencrypted, or a key of `node:crypto`. */
  privateKey: string | KeyObject
  /** PEM; put into the signature for receivers that want to see it. Salesforce uses its own copy. @default left out */
  certificate?: string
  /** How long the assertion may be used. Milliseconds. @default 300_000 (five minutes) */
  lifetime?: number
  /** Epoch milliseconds. @default Date.now */
  now?: () => number
}

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const SAML = 'urn:oasis:names:tc:SAML:2.0'
/** Shorter keys can be broken. */
const SHORTEST_KEY = 2048
/** Two clocks may differ by as much. Milliseconds. */
const CLOCK_TOLERANCE = 60_000

/**
 * Builds and signs the assertion that `samlBearer` of `@orgpass/core/flows` trades for an access token: RSA-SHA256
 * over exclusive canonical XML. Make a new one for every request.
 *
 * @returns the `Assertion` element as XML.
 * @throws {TypeError} when the key is not an unencrypted RSA private key of 2048 bits or more, the certificate is not
 *   the key's, or a text is empty or cannot stand in XML.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_SAML_bearer_flow.htm
 */
export function buildSamlBearerAssertion(options: SamlBearerAssertionOptions): string {
  const privateKey = rsaKey(options.privateKey)
  const certificate = checkCertificate(options.certificate, privateKey)
  const signature = new SignedXml({
    privateKey,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: EXCLUSIVE,
    ...(certificate !== undefined && {
      publicCert: certificate,
      getKeyInfoContent: (args) => SignedXml.getKeyInfoContent(args ?? {}),
    }),
  })
  signature.addReference({
    xpath: "/*[local-name(.)='Assertion']",
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', EXCLUSIVE],
  })
  // The schema wants it right behind the issuer.
  const location = { reference: "/*/*[local-name(.)='Issuer']", action: 'after' } as const
  signature.computeSignature(unsigned(options), { prefix: 'ds', location })
  return signature.getSignedXml()
}

function rsaKey(key: string | KeyObject): KeyObject {
  const imported = key instanceof KeyObject ? key : readPem(key)
  if (imported?.type !== 'private' || imported.asymmetricKeyType !== 'rsa') {
    throw new TypeError('privateKey is not an unencrypted RSA private key. Give it as PEM, PKCS#8 or PKCS#1.')
  }
  if ((imported.asymmetricKeyDetails?.modulusLength ?? 0) >= SHORTEST_KEY) return imported
  throw new TypeError(
    `privateKey has fewer than ${SHORTEST_KEY} bits. Make a new one, and upload its certificate to the app.`,
  )
}

function readPem(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem.replaceAll('\\n', '\n'))
  } catch {
    return undefined
  }
}

function checkCertificate(pem: string | undefined, key: KeyObject): string | undefined {
  if (pem === undefined || ownCertificate(pem, key)) return pem
  throw new TypeError('certificate is not the PEM certificate of privateKey. Give the one uploaded to the app.')
}

function ownCertificate(pem: string, key: KeyObject): boolean {
  try {
    return new X509Certificate(pem).checkPrivateKey(key)
  } catch {
    return false
  }
}

function unsigned(options: SamlBearerAssertionOptions): string {
  const { lifetime = 300_000, now = Date.now } = options
  const text = (name: 'issuer' | 'username' | 'audience' | 'recipient'): string => xmlText(name, options[name])
  const at = now()
  const [instant, start, end] = [at, at - CLOCK_TOLERANCE, at + lifetime].map((time) => new Date(time).toISOString())
  return [
    `<saml:Assertion xmlns:saml="${SAML}:assertion" ID="_${randomUUID()}" IssueInstant="${instant}" Version="2.0">`,
    `<saml:Issuer>${text('issuer')}</saml:Issuer>`,
    '<saml:Subject>',
    `<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">${text('username')}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="${SAML}:cm:bearer">`,
    `<saml:SubjectConfirmationData NotOnOrAfter="${end}" Recipient="${text('recipient')}"/>`,
    '</saml:SubjectConfirmation></saml:Subject>',
    `<saml:Conditions NotBefore="${start}" NotOnOrAfter="${end}">`,
    `<saml:AudienceRestriction><saml:Audience>${text('audience')}</saml:Audience></saml:AudienceRestriction>`,
    '</saml:Conditions>',
    `<saml:AuthnStatement AuthnInstant="${instant}"><saml:AuthnContext>`,
    `<saml:AuthnContextClassRef>${SAML}:ac:classes:unspecified</saml:AuthnContextClassRef>`,
    '</saml:AuthnContext></saml:AuthnStatement>',
    '</saml:Assertion>',
  ].join('')
}
