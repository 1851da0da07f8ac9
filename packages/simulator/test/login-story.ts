import { createHash } from 'node:crypto'
import type { SignInOptions, Simulator } from '../src/index.ts'

/** The members of a token answer, or of an error. */
export type Answer = Record<string, string>

export interface StoryOptions extends SignInOptions {
  /** Where to log in; default the first org's My Domain. */
  base?: string
  clientId?: string
  /** Added to or, when null, removed from the authorize URL. */
  params?: Record<string, string | null>
}

export const callback = 'http://localhost:3000/auth/callback'

export function verifierPair(verifier: string): [string, string] {
  return [verifier, createHash('sha256').update(verifier).digest('base64url')]
}

export const fixedVerifier = 'v'.repeat(43)

/** A complete, acceptable request unless `params` says otherwise; its verifier is `fixedVerifier`. */
export function authorizeUrl(sim: Simulator, { base, clientId, params = {} }: StoryOptions = {}): URL {
  const url = new URL(`${base ?? sim.org().url}/services/oauth2/authorize`)
  const all = {
    response_type: 'code',
    client_id: clientId ?? sim.app().clientId,
    redirect_uri: callback,
    scope: 'id api refresh_token',
    state: 's1',
    code_challenge: verifierPair(fixedVerifier)[1],
    ...params,
  }
  for (const [name, value] of Object.entries(all)) if (value !== null) url.searchParams.set(name, value)
  return url
}

export async function post(sim: Simulator, url: string, body: Record<string, string>): Promise<Response> {
  return sim.fetch(new Request(url, { method: 'POST', body: new URLSearchParams(body) }))
}

export async function postToken(
  sim: Simulator,
  body: Record<string, string>,
  { base = sim.org().url }: StoryOptions = {},
): Promise<{ status: number; body: Answer }> {
  const response = await post(sim, `${base}/services/oauth2/token`, body)
  return { status: response.status, body: (await response.json()) as Answer }
}

export function credentials(sim: Simulator, clientId?: string): { client_id: string; client_secret: string } {
  const app = sim.app(clientId)
  return { client_id: app.clientId, client_secret: app.clientSecret }
}

/** From the login form to a code and what redeems it. */
export async function obtainCode(sim: Simulator, options: StoryOptions = {}): Promise<Record<string, string>> {
  const back = await sim.signIn(authorizeUrl(sim, options), options)
  const code = back.searchParams.get('code')
  if (code === null) throw new Error(`No code in ${back.search}`)
  return {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: fixedVerifier,
    ...credentials(sim, options.clientId),
  }
}

/** From the login form to tokens. */
export async function logIn(sim: Simulator, options: StoryOptions = {}): Promise<Answer> {
  const { status, body } = await postToken(sim, await obtainCode(sim, options), options)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body
}

export async function refresh(
  sim: Simulator,
  token: string | undefined,
  clientId?: string,
): Promise<{ status: number; body: Answer }> {
  return postToken(sim, { grant_type: 'refresh_token', refresh_token: token ?? '', ...credentials(sim, clientId) })
}

/** A REST call at the instance, by default of the first org. */
export async function callApi(
  sim: Simulator,
  token: string | undefined,
  origin = sim.org().instanceUrl,
): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` }
  return sim.fetch(new Request(`${origin}/services/data/v64.0/limits`, { headers }))
}
