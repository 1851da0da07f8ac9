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
  const returnTo = appPath(kit, options.returnTo)
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

/** A path of the app that a browser may be sent to; the app's first page in place of anything else. */
export function appPath({ config: { baseUrl, basePath, routes } }: Kit, returnTo: string | undefined): string {
  // Back to an auth route would go round in circles.
  const avoid = Object.values(routes).flatMap((path) => (path === false ? [] : [path, basePath + path]))
  return safeReturnTo(returnTo, baseUrl.href, { avoid, fallback: `${basePath}/` })
}
