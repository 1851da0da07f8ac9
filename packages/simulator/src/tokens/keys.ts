import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { to15 } from '../ids.ts'
import type { Org } from '../state.ts'

export interface SigningKey {
  kid: string
  privateKey: CryptoKey
  publicJwk: JWK
}

export interface Keys {
  /** Signs ID tokens; published on every host. */
  release(): Promise<SigningKey>
  /** Signs the org's JWT access tokens; published on the org's own hosts only. */
  org(org: Org): Promise<SigningKey>
}

const releaseName = '264'
const processStart = Date.now()
const orgKeys = new Map<string, Promise<SigningKey>>()
let releaseKey: Promise<SigningKey> | undefined

async function generate(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048 })
  const { kty = 'RSA', n = '', e = '' } = await exportJWK(publicKey)
  return { kid, privateKey, publicJwk: { kty, n, e, alg: 'RS256', use: 'sig', kid } }
}

/** Keys live as long as the process. Salesforce's release keys have 4096 bits; one of those takes seconds to make. */
export function createKeys(): Keys {
  return {
    async release() {
      releaseKey ??= generate(releaseName)
      return releaseKey
    },
    async org(org) {
      const kid = `CORE_ATJWT.${to15(org.id)}.${processStart}`
      const key = orgKeys.get(kid) ?? generate(kid)
      orgKeys.set(kid, key)
      return key
    },
  }
}
