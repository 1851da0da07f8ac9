import { startSimulator } from '@orgpass/simulator'
import type { Seed, SignInOptions, Simulator } from '@orgpass/simulator'
import { pkceChallenge, randomSecret } from '../../src/crypto/pkce.ts'
import { authorizationCode } from '../../src/flows/authorization-code.ts'
import type { AuthorizationCodeGrant } from '../../src/flows/authorization-code.ts'
import { clientSecretPost } from '../../src/index.ts'
import { createHttpClient } from '../../src/net/http-client.ts'
import { createTokenEndpoint } from '../../src/oauth/token-endpoint.ts'
import type { Client, ClientAuthentication, LogEvent, LoginHost, TokenEndpoint, TokenSet } from '../../src/index.ts'
import { authorizationUrl } from '../../src/oauth/authorization-url.ts'
import { recordFetch } from './recording-fetch.ts'
import type { SentRequest } from './recording-fetch.ts'

export const REDIRECT_URI = 'http://localhost:3000/auth/callback'

export interface ClientChoice {
  clientId?: string
  authenticate?: ClientAuthentication
  /** Milliseconds. */
  timeout?: number
}

export interface CodeChoice extends SignInOptions {
  clientId?: string
  /** A login base other than the first org's. */
  base?: string
  scope?: string
  nonce?: string
}

/** A simulator, and this package's calls on their way to it, written down. */
export interface Wire {
  readonly sim: Simulator
  readonly sent: SentRequest[]
  readonly log: LogEvent[]
  client(choice?: ClientChoice): Client
  endpoint(choice?: ClientChoice & { base?: string }): TokenEndpoint
  /** A fresh code of somebody who logged in and approved. */
  code(choice?: CodeChoice): Promise<AuthorizationCodeGrant>
  tokens(choice?: CodeChoice): Promise<TokenSet>
  close(): Promise<void>
}

export async function openWire(seed?: Seed): Promise<Wire> {
  const sim = await startSimulator(seed === undefined ? {} : { seed })
  const { fetch, sent } = recordFetch()
  const wire: Wire = {
    sim,
    sent,
    log: [],
    client({ clientId = sim.app().clientId, authenticate, timeout = 10_000 } = {}) {
      return {
        clientId,
        authenticate: authenticate ?? clientSecretPost(sim.app(clientId).clientSecret),
        http: createHttpClient({ fetch, timeout }),
        trustedHosts: [],
        log: (event) => void wire.log.push(event),
        now: () => sim.clock.now(),
      }
    },
    endpoint: ({ base = sim.org().url, ...choice } = {}) => createTokenEndpoint(wire.client(choice), localHost(base)),
    async code({ clientId = sim.app().clientId, base = sim.org().url, scope, nonce, ...person } = {}) {
      const codeVerifier = randomSecret()
      const url = authorizationUrl(localHost(base), {
        clientId,
        redirectUri: REDIRECT_URI,
        scope: (scope ?? 'openid id api refresh_token').split(' '),
        state: 'state-1',
        codeChallenge: await pkceChallenge(codeVerifier),
        ...(nonce !== undefined && { nonce }),
      })
      const callback = await sim.signIn(url, { username: 'ada@acme.example', ...person })
      return { code: callback.searchParams.get('code') ?? '', redirectUri: REDIRECT_URI, codeVerifier }
    },
    async tokens(choice = {}) {
      const { clientId, base } = choice
      const endpoint = wire.endpoint({
        ...(clientId !== undefined && { clientId }),
        ...(base !== undefined && { base }),
      })
      return authorizationCode(endpoint, await wire.code(choice))
    },
    close: () => sim.close(),
  }
  return wire
}

export function localHost(base: string): LoginHost {
  return { kind: 'local', base, origin: new URL(base).origin }
}

/** The last request that left. */
export function lastSent({ sent }: Pick<Wire, 'sent'>): SentRequest {
  const last = sent.at(-1)
  if (last === undefined) throw new Error('Nothing was sent.')
  return last
}
