import type { Simulator } from '@orgpass/simulator'
import { pkceChallenge, randomSecret } from '../../src/crypto/pkce.ts'
import { authorizationCode } from '../../src/flows/authorization-code.ts'
import type { BearerOptions, TokenSet } from '../../src/index.ts'
import { clientSecretPost, openTokenEndpoint } from '../../src/index.ts'
import { authorizationUrl } from '../../src/oauth/authorization-url.ts'
import { HANK } from '../guards/stage.ts'
import { localHost, REDIRECT_URI } from '../wire/wire.ts'

export interface TokenChoice {
  /** Label of the app that asks. */
  app?: string
  username?: string
  scope?: string
  jwt?: boolean
}

/** Tokens of somebody who logged in to another app than the one that is called. */
export async function tokensOf(sim: Simulator, choice: TokenChoice = {}): Promise<TokenSet> {
  const { app = 'Caller', username = HANK, scope = 'openid id api', jwt = true } = choice
  const { clientId, clientSecret } = sim.app(app)
  sim.updateApp(clientId, { jwtAccessTokens: jwt })
  const codeVerifier = randomSecret()
  const base = sim.org('Globex').url
  const url = authorizationUrl(localHost(base), {
    clientId,
    redirectUri: REDIRECT_URI,
    scope: scope.split(' '),
    state: 'state-1',
    codeChallenge: await pkceChallenge(codeVerifier),
  })
  const callback = await sim.signIn(url, { username })
  const endpoint = openTokenEndpoint({ clientId, clientAuthentication: clientSecretPost(clientSecret), loginUrl: base })
  const code = callback.searchParams.get('code') ?? ''
  return authorizationCode(endpoint, { code, redirectUri: REDIRECT_URI, codeVerifier })
}

export async function tokenOf(sim: Simulator, choice?: TokenChoice): Promise<string> {
  return (await tokensOf(sim, choice)).accessToken
}

/** Takes tokens of the app Caller in the org Globex. */
export function takesCaller(sim: Simulator, more: Partial<BearerOptions> = {}): { bearer: BearerOptions } {
  return { bearer: { issuers: [sim.org('Globex').url], clientIds: [sim.app('Caller').clientId], ...more } }
}

export function withToken(token: string): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${token}` } }
}
