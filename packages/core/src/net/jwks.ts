import { createRemoteJWKSet, customFetch } from 'jose'
import type { JWTVerifyGetKey } from 'jose'
import { createHttpClient } from './http-client.ts'
import type { HttpClient, HttpClientOptions } from './http-client.ts'
import { unusableAnswer } from './unusable-answer.ts'

/** Salesforce's signing keys by the address they are published at; fetched when first needed and again for an unknown `kid`. */
export type KeySource = (url: string) => JWTVerifyGetKey

const MAX_KEY_SETS = 100

/** Milliseconds. */
const FAILURE_LIFE = 5_000

/**
 * A bounded cache of remote key sets over one HTTP client. Keys live for a day; unknown `kid`s refetch at most every
 * 30 s, and every 5 s while the keys cannot be fetched: junk tokens make no more requests than that.
 */
export function createKeySource(http: HttpClient): KeySource {
  const sets = new Map<string, JWTVerifyGetKey>()
  return (url) => {
    let keys = sets.get(url)
    if (keys === undefined) {
      const oldest = sets.size >= MAX_KEY_SETS ? sets.keys().next().value : undefined
      if (oldest !== undefined) sets.delete(oldest)
      keys = createRemoteJWKSet(new URL(url), {
        cacheMaxAge: 86_400_000,
        cooldownDuration: 30_000,
        [customFetch]: keyFetch(http),
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

/** Fetches the keys of one address; a failure is repeated to whoever asks again within seconds. */
function keyFetch(http: HttpClient): (url: string) => Promise<Response> {
  let failed: { readonly error: unknown; readonly until: number } | undefined
  return async (url) => {
    if (failed !== undefined && Date.now() < failed.until) throw failed.error
    try {
      // Without jose's own, shorter deadline: that the keys are slow should look like any other slow answer.
      const { status, text } = await http.send(url, { method: 'GET' })
      if (status !== 200 || !isKeySet(text)) throw unusableAnswer(new URL(url).host, status)
      return new Response(text)
    } catch (error) {
      failed = { error, until: Date.now() + FAILURE_LIFE }
      throw error
    }
  }
}

function isKeySet(text: string): boolean {
  try {
    const value = JSON.parse(text) as { keys?: unknown } | null
    return Array.isArray(value?.keys)
  } catch {
    return false
  }
}
