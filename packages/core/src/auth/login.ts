import { pkceChallenge } from '../crypto/pkce.ts'
import type { Exchange, Reply } from '../http/exchange.ts'
import { authorizationUrl } from '../oauth/authorization-url.ts'
import type { Kit } from './kit.ts'
import { safeReturnTo } from './return-to.ts'

export interface LoginOptions {
  /** A path of this app to come back to. @default '/' */
  returnTo?: string
  /** `login` lets somebody else log in, `consent` asks for the approval again, `select_account` offers known users. */
  prompt?: 'login' | 'consent' | 'select_account'
  /** A user name to pre-fill. */
  loginHint?: string
}

/** Starts a login attempt and answers the redirect to Salesforce. */
export async function startLogin(kit: Kit, exchange: Exchange, options: LoginOptions): Promise<Reply> {
  const { config, client } = kit
  const { login } = config
  const returnTo = safeReturnTo(options.returnTo, config.baseUrl.href, { avoid: authPaths(kit) })
  const { state, nonce, codeVerifier } = await kit.transactions.start(exchange, { login, returnTo })
  const dpopThumbprint = await client.dpop?.thumbprint()
  const url = authorizationUrl(login, {
    clientId: config.clientId,
    redirectUri: config.redirectUri,
    scope: config.scope,
    state,
    codeChallenge: await pkceChallenge(codeVerifier),
    ...(config.scope.includes('openid') && { nonce }),
    ...(options.prompt !== undefined && { prompt: options.prompt }),
    ...(dpopThumbprint !== undefined && { dpopThumbprint }),
    ...(options.loginHint !== undefined && { loginHint: options.loginHint }),
  })
  return { status: 302, location: url.href }
}

/** Paths that nobody should be sent back to: that would go round in circles. */
export function authPaths({ config: { routes, basePath } }: Kit): string[] {
  return Object.values(routes).flatMap((path) => (path === false ? [] : [path, basePath + path]))
}
