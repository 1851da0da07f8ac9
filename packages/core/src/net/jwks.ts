import { createRemoteJWKSet, customFetch } from 'jose'
import type { JWTVerifyGetKey } from 'jose'
import { TransportError } from '../errors/errors.ts'
import { createHttpClient } from './http-client.ts'
import type { HttpClient, HttpClientOptions } from './http-client.ts'

/** Salesforce's signing keys by the address they are published at; fetched when first needed and again for an unknown `kid`. */
export type KeySource = (url: string) => JWTVerifyGetKey

const MAX_KEY_SETS = 100

/** A bounded cache of remote key sets over one HTTP client. Keys live for a day; unknown `kid`s refetch at most every 30 s. */
export function createKeySource(http: HttpClient): KeySource {
  const sets = new Map<string, JWTVerifyGetKey>()
  const fetchKeys = async (url: string, { signal }: { signal?: AbortSignal | null }): Promise<Response> => {
    const answer = await http.send(url, { method: 'GET', ...(signal && { signal }) })
    if (answer.status !== 200) {
      throw new TransportError(
        'net/server-error',
        `${new URL(url).host} answered ${answer.status} instead of its keys.`,
        {
          sent: true,
          hint: 'Try again shortly; if it stays so, check the address of the issuer.',
        },
      )
    }
    return new Response(answer.text, { headers: { 'content-type': 'application/json' } })
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

/** A key source of one's own, for checking tokens without an app. Make one and share it: it holds the keys. */
export function openKeySource(options: HttpClientOptions = {}): KeySource {
  return createKeySource(createHttpClient(options))
}
