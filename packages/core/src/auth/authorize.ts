import { pkceChallenge } from '../crypto/pkce.ts'
import type { Exchange, Reply } from '../http/exchange.ts'
import { authorizationUrl } from '../oauth/authorization-url.ts'
import type { Client } from '../oauth/client.ts'
import type { LoginHost } from '../org/hosts.ts'
import type { ConnectAttempt } from '../session/transaction.ts'
import type { Kit } from './kit.ts'
import { safeReturnTo } from './return-to.ts'

/** What a person may be asked to do at Salesforce. */
export type Prompt = 'login' | 'consent' | 'select_account'

export const PROMPTS: readonly Prompt[] = ['login', 'consent', 'select_account']

export interface AuthorizeOptions {
  /** A path of this app to come back to. @default '/' */
  returnTo?: string | undefined
  prompt?: Prompt | undefined
  /** A user name to pre-fill. */
  loginHint?: string | undefined
}

/** What is asked of Salesforce, and as whom. */
export interface Authorization {
  readonly client: Client
  readonly login: LoginHost
  readonly scope: readonly string[]
  /** Absent when the login is to become a session. */
  readonly connect?: ConnectAttempt
}

/** Starts a login attempt in this browser and answers the address at Salesforce where it goes on. */
export async function authorize(
  { kit, exchange }: { readonly kit: Kit; readonly exchange: Exchange },
  { client, login, scope, connect }: Authorization,
  options: AuthorizeOptions,
): Promise<URL> {
  const returnTo = appPath(kit, options.returnTo)
  const attempt = { login, returnTo, ...(connect && { connect }) }
  const { state, nonce, codeVerifier } = await kit.transactions.start(exchange, attempt)
  const dpopThumbprint = await client.dpop?.thumbprint()
  return authorizationUrl(login, {
    clientId: client.clientId,
    redirectUri: kit.config.redirectUri,
    scope,
    state,
    codeChallenge: await pkceChallenge(codeVerifier),
    ...(scope.includes('openid') && { nonce }),
    ...(options.prompt !== undefined && { prompt: options.prompt }),
    ...(dpopThumbprint !== undefined && { dpopThumbprint }),
    ...(options.loginHint !== undefined && { loginHint: options.loginHint }),
  })
}

/** The redirect that takes the browser there. */
export function redirectTo(url: URL, status: 302 | 303): Reply {
  return { status, location: url.href }
}

/** A path of the app that a browser may be sent to; the app's first page in place of anything else. */
export function appPath({ config: { baseUrl, basePath, routes } }: Kit, returnTo: string | undefined): string {
  // Back to an auth route would go round in circles.
  const avoid = Object.values(routes).flatMap((path) => (path === false ? [] : [path, basePath + path]))
  return safeReturnTo(returnTo, baseUrl.href, { avoid, fallback: `${basePath}/` })
}
