import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { listen } from '@orgpass/testing'
import { Provider } from 'oidc-provider'
import type { Configuration } from 'oidc-provider'

export const CLIENT = { clientId: '3MVG9third_party', clientSecret: 'a-secret-that-only-this-test-knows' }
export const PERSON = { orgId: '00D000000000001EAA', userId: '005000000000001AAA' }
const SUBJECT = `https://login.salesforce.com/id/${PERSON.orgId}/${PERSON.userId}`
const OAUTH = '/services/oauth2'

export interface ThirdParty extends AsyncDisposable {
  readonly url: string
  readonly provider: Provider
  /** Names of grant events so far: `success refresh_token`, `revoked`, `error …`. */
  readonly events: string[]
  /** Access tokens that API calls brought, oldest first. */
  readonly seen: string[]
}

/** oidc-provider on Salesforce's paths, and an API behind its tokens. */
export async function startThirdParty(redirectUri: string): Promise<ThirdParty> {
  const seen: string[] = []
  const events: string[] = []
  const server = createServer()
  const listening = await listen(server)
  const url = `http://127.0.0.1:${listening.port}`
  const provider = new Provider(url, configuration(redirectUri))
  provider.on('grant.success', (ctx) => events.push(`success ${String(ctx.oidc.params?.['grant_type'])}`))
  provider.on('grant.error', (_ctx, error) => events.push(`error ${error.message}`))
  provider.on('grant.revoked', () => events.push('revoked'))
  speakLikeSalesforce(provider, url)
  const authorizationServer = provider.callback()

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.url?.startsWith('/interaction/')) return approve(provider, req, res)
    if (!req.url?.startsWith('/services/data/')) return authorizationServer(req, res)
    const token = req.headers.authorization?.replace(/^Bearer /, '') ?? ''
    seen.push(token)
    if ((await provider.AccessToken.find(token)) !== undefined) return void res.end('{"ok":true}')
    const body = [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]
    res.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  server.on('request', (req, res) => {
    answer(req, res).catch((error: unknown) => res.writeHead(500).end(String(error)))
  })
  return { url, provider, events, seen, [Symbol.asyncDispose]: () => listening.close() }
}

function configuration(redirectUri: string): Configuration {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    routes: {
      authorization: `${OAUTH}/authorize`,
      token: `${OAUTH}/token`,
      revocation: `${OAUTH}/revoke`,
      introspection: `${OAUTH}/introspect`,
      userinfo: `${OAUTH}/userinfo`,
      jwks: '/id/keys',
    },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      revocation: { enabled: true },
    },
    scopes: ['openid', 'id', 'api', 'refresh_token'],
    claims: { openid: ['sub', 'organization_id', 'user_id', 'preferred_username'] },
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: () => ({
        sub: accountId,
        organization_id: PERSON.orgId,
        user_id: PERSON.userId,
        preferred_username: 'ada@acme.example',
      }),
    }),
    issueRefreshToken: () => true,
    rotateRefreshToken: () => true,
    pkce: { required: () => true },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: '264', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['a cookie key of the tests'] },
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      Grant: 86_400,
      IdToken: 120,
      Interaction: 60,
      RefreshToken: 86_400,
      Session: 60,
    },
  }
}

/** What Salesforce adds to a token answer; and its revocation endpoint asks for no client. */
function speakLikeSalesforce(provider: Provider, url: string): void {
  provider.use(async (ctx, next) => {
    if (ctx.path === `${OAUTH}/revoke`) {
      ctx.req.headers.authorization = `Basic ${btoa(`${CLIENT.clientId}:${CLIENT.clientSecret}`)}`
    }
    await next()
    if (ctx.path !== `${OAUTH}/token` || ctx.status !== 200) return
    Object.assign(ctx.body as object, { instance_url: url, id: SUBJECT, issued_at: String(Date.now()) })
  })
}

/** Logs the one person in and approves whatever is asked for. */
async function approve(provider: Provider, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { prompt, params } = await provider.interactionDetails(req, res)
  if (prompt.name === 'login') return provider.interactionFinished(req, res, { login: { accountId: SUBJECT } })
  const grant = new provider.Grant({ accountId: SUBJECT, clientId: CLIENT.clientId })
  grant.addOIDCScope(String(params['scope']))
  const consent = { grantId: await grant.save() }
  return provider.interactionFinished(req, res, { consent }, { mergeWithLastSubmission: true })
}
