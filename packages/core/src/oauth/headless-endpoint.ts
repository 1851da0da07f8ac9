import { base64url } from 'jose'
import { pkceChallenge, randomSecret } from '../crypto/pkce.ts'
import { CallbackError, ConfigError, OAuthError, RequestError, TokenError, TransportError } from '../errors/errors.ts'
import { headerValue } from '../net/header-value.ts'
import type { HttpAnswer } from '../net/http-client.ts'
import { endpointsOf } from '../org/endpoints.ts'
import { acceptCommunityUrl } from '../org/hosts.ts'
import type { LoginHost } from '../org/hosts.ts'
import { unusableAnswer } from '../net/unusable-answer.ts'
import { parseMembers, readAnswer, readRefusal } from './answer.ts'
import type { Members } from './answer.ts'
import { createTokenEndpoint } from './token-endpoint.ts'
import type { TokenEndpoint } from './token-endpoint.ts'

/** What a headless login brings: pass it to `authorizationCode(code.endpoint, code)`. It works once, for minutes. */
export interface HeadlessCode {
  readonly code: string
  readonly redirectUri: string
  readonly codeVerifier: string
  /** The token endpoint of the site that the user belongs to. */
  readonly endpoint: TokenEndpoint
}

/** What every headless login names beside the person. */
export interface HeadlessRequest {
  /** One of the app's callback URLs. Nobody is sent there. */
  redirectUri: string
  /** Some of the app's scopes. @default all of them */
  scope?: readonly string[]
}

/** A visitor known from a guest session: by the id your app made, or by the guest's access token. */
export type Visitor = { readonly uvid: string } | { readonly token: string }

/** Who asks for a code, in Salesforce's headers and parameters. */
export interface CodeRequest extends HeadlessRequest {
  readonly requestType: 'Named-User' | 'passwordless-login' | 'user-registration' | 'guest'
  /** User name or identifier, and password or one-time code, for the header. */
  readonly basic?: readonly [name: string, secret: string]
  readonly headers?: Readonly<Record<string, string>>
  readonly parameters?: Readonly<Record<string, string>>
}

export interface HeadlessOptions {
  signal?: AbortSignal
}

/**
 * Asks a site for an authorization code without any page. The values of `headers` are the caller's to check.
 * @throws {ConfigError} `config/invalid`, before anything is sent, when the login URL is no site.
 * @throws {RequestError} `request/unsendable`, before anything is sent, when the name for the header has a colon.
 */
export async function requestCode(
  { client, login }: TokenEndpoint,
  request: CodeRequest,
  { signal }: HeadlessOptions,
): Promise<HeadlessCode> {
  requireSite(login)
  const { redirectUri, scope, basic } = request
  const codeVerifier = randomSecret()
  const url = endpointsOf(login.base).authorize
  const thumbprint = await client.dpop?.thumbprint()
  const body = new URLSearchParams({
    response_type: 'code_credentials',
    client_id: client.clientId,
    redirect_uri: redirectUri,
    code_challenge: await pkceChallenge(codeVerifier),
    ...(scope !== undefined && { scope: scope.join(' ') }),
    ...(thumbprint !== undefined && { dpop_jkt: thumbprint }),
    ...request.parameters,
  })
  const headers = new Headers({
    accept: 'application/json',
    'auth-request-type': request.requestType,
    ...(basic !== undefined && { authorization: basicHeader(basic) }),
    ...request.headers,
  })
  const answer = await client.http.send(url, {
    method: 'POST',
    headers,
    body,
    redirects: 'answer',
    ...(signal && { signal }),
  })
  const members = isRedirect(answer) ? readRedirect(answer, { redirectUri, url }) : readAnswer(answer, url)
  const { code } = members
  if (typeof code !== 'string' || code === '') {
    throw new TokenError('token/malformed-answer', `${new URL(url).host} answered a headless login without a code.`, {
      hint: 'Check that the login URL is the Experience Cloud site, with its path.',
    })
  }
  const community = members['sfdc_community_url'] ?? members['sfdc_site_url'] ?? login.base
  const site = typeof community === 'string' ? acceptCommunityUrl(community, login, client.trustedHosts) : undefined
  if (site === undefined) throw foreignSite()
  return { code, redirectUri, codeVerifier, endpoint: createTokenEndpoint(client, site) }
}

export interface HeadlessCallOptions extends HeadlessOptions {
  /** An integration user's access token, where the site demands one. @default none */
  accessToken?: string
}

/**
 * Calls one of the site's headless services with JSON; answers its members, which may be none.
 * @throws {ConfigError} `config/invalid`, before anything is sent, when the login URL is no site.
 * @throws {RequestError} `request/unsendable`, before anything is sent, when no header can carry the access token.
 */
export async function callHeadless(
  { client, login }: TokenEndpoint,
  { path, body }: { path: string; body: Members },
  { accessToken, signal }: HeadlessCallOptions,
): Promise<Members> {
  requireSite(login)
  const url = `${endpointsOf(login.base).headless}/${path}`
  const headers = new Headers({
    accept: 'application/json',
    'content-type': 'application/json',
    ...(accessToken !== undefined && { authorization: `Bearer ${headerValue('accessToken', accessToken)}` }),
  })
  const request = { method: 'POST', headers, body: JSON.stringify(body), ...(signal && { signal }) } as const
  const answer = await client.http.send(url, request)
  const members = parseMembers(answer.text)
  const refusal = members === undefined ? undefined : readRefusal(members, answer)
  if (refusal !== undefined) throw refusal
  if (answer.status < 200 || answer.status > 299) throw unusableAnswer(new URL(url).host, answer.status)
  return members ?? {}
}

function requireSite(login: LoginHost): void {
  if (login.kind !== 'public' && login.kind !== 'my-domain') return
  const problem = `(${login.origin}) is no Experience Cloud site, and headless logins work on sites only`
  const hint = 'Set it to the address of the site, with its path: https://<name>.my.site.com/<path>.'
  throw new ConfigError([{ option: 'loginUrl', problem, hint }])
}

function isRedirect({ status }: HttpAnswer): boolean {
  return status >= 300 && status < 400
}

/** Private clients may be answered with a redirect to their callback; it is read, not followed. */
function readRedirect(answer: HttpAnswer, { redirectUri, url }: { redirectUri: string; url: string }): Members {
  const location = answer.headers.get('location') ?? ''
  const target = withoutQuery(location)
  if (target === undefined || target !== withoutQuery(redirectUri)) {
    throw new TransportError('net/redirected', `${new URL(url).host} redirected a headless login to another page.`, {
      sent: true,
      hint: 'Check that the login URL is the Experience Cloud site, with its path, and that the flow is enabled.',
    })
  }
  const members = Object.fromEntries(new URL(location).searchParams)
  const { error, error_description: description } = members
  if (error !== undefined) throw new OAuthError({ error, description })
  return members
}

function withoutQuery(url: string): string | undefined {
  return URL.canParse(url) ? url.replace(/[?#].*$/s, '') : undefined
}

function basicHeader([name, secret]: readonly [name: string, secret: string]): string {
  if (!name.includes(':')) return `Basic ${base64(`${name}:${secret}`)}`
  // What follows the first colon would count as the secret.
  throw new RequestError('request/unsendable', 'The user name has a colon, which the header has no way to write.', {
    hint: "Send a user name and password in the body, with credentialsIn: 'body', if such a name exists.",
  })
}

function base64(text: string): string {
  const encoded = base64url.encode(text).replaceAll('-', '+').replaceAll('_', '/')
  return encoded.padEnd(Math.ceil(encoded.length / 4) * 4, '=')
}

function foreignSite(): CallbackError {
  return new CallbackError(
    'callback/foreign-community',
    'The headless login ended on a site that this app does not know.',
    {
      hint: "If it is yours, add the site's host to trustedHosts, or set loginUrl to that site.",
    },
  )
}
