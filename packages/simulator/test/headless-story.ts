import type { Seed, SeedApp, SeedSite, Simulator } from '../src/index.ts'
import { createSimulator } from '../src/index.ts'
import { type Answer, callback, credentials, fixedVerifier, verifierPair } from './login-story.ts'

export const visitor = '3f0c1c39-8f1b-4a6d-9a93-0d3b8a6c1f00'

export function headlessSeed({ site = {}, app = {} }: { site?: Partial<SeedSite>; app?: Partial<SeedApp> } = {}): Seed {
  return {
    orgs: [
      {
        name: 'Globex',
        sites: [{ name: 'Customers', path: 'customers', ...site }],
        users: [
          { username: 'hank@globex.example' },
          { username: 'eve@client.example', email: 'eve@mail.example', site: 'customers' },
        ],
      },
    ],
    apps: [
      {
        label: 'Shop',
        org: 'Globex',
        callbackUrls: [callback],
        jwtAccessTokens: true,
        flows: { codeCredentials: true, guest: true },
        ...app,
      },
    ],
  }
}

export function headlessSimulator(changes: Parameters<typeof headlessSeed>[0] = {}): Simulator {
  return createSimulator({ seed: headlessSeed(changes) })
}

export function siteUrl(sim: Simulator): string {
  return sim.org('Globex').sites[0]?.url ?? ''
}

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

export interface Headless {
  headers?: Record<string, string>
  params?: Record<string, string>
  base?: string
}

/** Posts to the authorize endpoint; with no options a named user's login. */
export async function authorize(sim: Simulator, { headers, params, base }: Headless = {}): Promise<Response> {
  const body = new URLSearchParams({
    response_type: 'code_credentials',
    client_id: sim.app('Shop').clientId,
    redirect_uri: callback,
    scope: 'api openid refresh_token',
    code_challenge: verifierPair(fixedVerifier)[1],
    ...params,
  })
  const named = { 'auth-request-type': 'Named-User', authorization: basic('eve@client.example', 'simulator') }
  const url = `${base ?? siteUrl(sim)}/services/oauth2/authorize`
  return sim.fetch(new Request(url, { method: 'POST', body, headers: headers ?? named }))
}

export async function codeOf(sim: Simulator, headless: Headless = {}): Promise<string> {
  const answer = (await (await authorize(sim, headless)).json()) as Answer
  if (!answer['code']) throw new Error(JSON.stringify(answer))
  return answer['code']
}

export function redemption(sim: Simulator, code: string): Record<string, string> {
  const keys = credentials(sim, 'Shop')
  return {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: fixedVerifier,
    ...keys,
  }
}

export async function postJson(
  sim: Simulator,
  path: string,
  { body, token }: { body: unknown; token?: string },
): Promise<{ status: number; body: Answer }> {
  const response = await sim.fetch(
    new Request(`${siteUrl(sim)}/services/auth/headless/${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    }),
  )
  return { status: response.status, body: (await response.json()) as Answer }
}
