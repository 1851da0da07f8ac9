import type { Fetch } from '../../src/index.ts'

export type Answer = Record<string, unknown>

export interface HostileFetch {
  readonly fetch: Fetch
  /** Every address that was asked with a credential: bearer, secret, code or refresh token. */
  readonly asked: string[]
  /** Changes each later answer of the token endpoint. */
  answer(change: (answer: Answer) => unknown): void
}

/** The real answers of the simulator, changed on their way as somebody in its place would. */
export function hostileFetch(): HostileFetch {
  const asked: string[] = []
  let change: (answer: Answer) => unknown = (answer) => answer
  return {
    asked,
    answer: (next) => void (change = next),
    async fetch(input, init) {
      const url = input instanceof Request ? input.url : String(input)
      if (init?.body !== undefined || new Headers(init?.headers).has('authorization')) asked.push(url)
      const response = await fetch(input, init)
      if (!url.endsWith('/services/oauth2/token') || !response.ok) return response
      return Response.json(await change((await response.json()) as Answer))
    },
  }
}
