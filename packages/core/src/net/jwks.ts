import { createRemoteJWKSet, customFetch } from 'jose'
import type { JWTVerifyGetKey } from 'jose'
import type { HttpClient } from './http-client.ts'

/** Salesforce's signing keys by the address they are published at; fetched when first needed and again for an unknown `kid`. */
export type KeySource = (url: string) => JWTVerifyGetKey

const MAX_KEY_SETS = 100

/** A bounded cache of remote key sets over one HTTP client. Keys live for a day; unknown `kid`s refetch at most every 30 s. */
export function createKeySource(http: HttpClient): KeySource {
  const sets = new Map<string, JWTVerifyGetKey>()
  const fetchKeys = async (url: string, { signal }: { signal?: AbortSignal | null }): Promise<Response> => {
    const answer = await http.send(url, { method: 'GET', ...(signal && { signal }) })
    return new Response(answer.text, { status: answer.status, headers: { 'content-type': 'application/json' } })
  }
  return (url) => {
    let keys = sets.get(url)
    if (keys === undefined) {
      const oldest = sets.size >= MAX_KEY_SETS ? sets.keys().next().value : undefined
      if (oldest !== undefined) sets.delete(oldest)
      keys = createRemoteJWKSet(new URL(url), {
        cacheMaxAge: 86_400_000,
        cooldownDuration: 30_000,
        [customFetch]: fetchKeys,
      })
      sets.set(url, keys)
    }
    return keys
  }
}
