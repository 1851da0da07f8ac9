import type { Config } from '../config.ts'
import { withExpiry } from '../connection/expiry.ts'
import type { ExpiryPolicy } from '../connection/expiry.ts'
import { holdTokens, identityOf } from '../connection/held-tokens.ts'
import { RefreshCoordinator } from '../connection/refresh.ts'
import { createSeal, deriveKeyring } from '../crypto/seal.ts'
import type { OpenSeal } from '../crypto/seal.ts'
import { isSalesforceAuthError, SalesforceAuthError, TokenError } from '../errors/errors.ts'
import { refreshToken } from '../flows/refresh-token.ts'
import { createHttpClient } from '../net/http-client.ts'
import { createKeySource } from '../net/jwks.ts'
import type { Client } from '../oauth/client.ts'
import { discard } from '../oauth/discard.ts'
import { openDpop } from '../oauth/dpop.ts'
import { verifySignature } from '../oauth/signature.ts'
import type { LoginHost } from '../org/hosts.ts'
import { createTokenEndpoint } from '../oauth/token-endpoint.ts'
import type { SalesforceAuthOptions } from '../options.ts'
import { introspectToken } from '../resources/introspect.ts'
import { createCookieHome } from '../session/cookie-home.ts'
import { createStoreHome } from '../session/store-home.ts'
import { Tombstones } from '../session/tombstones.ts'
import { Transactions } from '../session/transaction.ts'
import { BearerGate } from './bearer/gate.ts'
import { FactCache } from './fact-cache.ts'
import type { Kit } from './kit.ts'

/** Builds everything that the requests of one instance share. Keys are derived at first use, and once. */
export function createKit(config: Config, options: SalesforceAuthOptions, openSeal: OpenSeal | undefined): Kit {
  const { log, now, name, secure, secrets } = config
  const cookieName = `${secure ? '__Host-' : ''}${name}`
  const http = createHttpClient({
    ...(options.fetch && { fetch: options.fetch }),
    ...(options.timeout !== undefined && { timeout: options.timeout }),
  })
  const client: Client = {
    clientId: config.clientId,
    authenticate: config.clientAuthentication,
    http,
    trustedHosts: config.trustedHosts,
    log,
    now,
    ...(options.dpop && { dpop: openDpop(options.dpop, now) }),
  }
  const sealFor = (purpose: string) => createSeal(() => deriveKeyring(secrets, `${purpose}/${name}`), openSeal)
  const home = { cookieName: `${cookieName}.sid`, secure, tombstones: new Tombstones(), now }
  const store = options.session?.store
  const accept = acceptor(config, client, options)
  const keys = createKeySource(http)
  const discardTokens: Kit['discard'] = (login, { refreshToken: refresh, accessToken }) =>
    discard(client, login, refresh ?? accessToken)
  return {
    config,
    hooks: options,
    client,
    keys,
    sessions:
      store === undefined
        ? createCookieHome({ ...home, seal: sealFor('session'), log })
        : createStoreHome({ ...home, store, secrets, openSeal, name }),
    transactions: new Transactions({ seal: sealFor('transaction'), cookiePrefix: `${cookieName}.tx`, secure, now }),
    refresher: new RefreshCoordinator({
      now,
      timeout: http.timeout,
      discard: discardTokens,
      async send(login, previous) {
        const endpoint = createTokenEndpoint(client, login)
        const answer = await refreshToken(endpoint, previous.refreshToken ?? '', { previous })
        try {
          return await accept(answer, login, previous)
        } catch (error) {
          // The spent token died for this one, which nobody will use: the next attempt finds that out.
          if (answer.refreshToken !== undefined && answer.refreshToken !== previous.refreshToken) {
            void discard(client, login, answer.refreshToken)
          }
          throw error
        }
      },
      ...refreshHooks(config, options),
    }),
    callers: { facts: new FactCache({ ttl: config.factTtl, now, timeout: http.timeout }), now, timeout: http.timeout },
    ...(config.bearer && { bearer: new BearerGate({ config, client, keys }, config.bearer) }),
    accept,
    discard: discardTokens,
  }
}

function acceptor(config: Config, client: Client, { tokenExpiry = {} }: SalesforceAuthOptions): Kit['accept'] {
  const { introspect = false, sessionTimeout } = tokenExpiry
  const policyAt = ({ base }: LoginHost): ExpiryPolicy => ({
    ...(sessionTimeout !== undefined && { sessionTimeout }),
    ...(introspect && {
      async introspect(accessToken) {
        const answer = await introspectToken({ client, base }, accessToken)
        return answer.active ? answer.expiresAt : undefined
      },
    }),
  })
  return async (answer, login, previous) => {
    await verifySignature(answer, config.clientSecrets)
    const identity = identityOf(answer, previous)
    if (
      previous !== undefined &&
      (identity.orgId !== previous.identity.orgId || identity.userId !== previous.identity.userId)
    ) {
      throw new TokenError('token/org-changed', 'A refresh answered the token of another org or user.', {
        hint: 'Log in again.',
      })
    }
    return holdTokens({ ...(await withExpiry(answer, policyAt(login), config.now())), identity }, previous)
  }
}

function refreshHooks(
  config: Config,
  options: SalesforceAuthOptions,
): Pick<ConstructorParameters<typeof RefreshCoordinator>[0], 'renewed' | 'failed'> {
  const { log } = config
  let warned = options.session?.store !== undefined
  const guarded = async (hook: () => unknown): Promise<void> => {
    try {
      await hook()
    } catch (error) {
      log({ level: 'error', event: 'hook/failed', message: `A hook threw: ${String(error)}` })
    }
  }
  return {
    async renewed({ key }, before, { identity, instanceUrl, refreshToken: next }) {
      const rotated = next !== before.refreshToken
      if (rotated && !warned) {
        warned = true
        const message =
          'Salesforce rotates refresh tokens and sessions live in cookies: several processes would end each other’s sessions. Configure session.store before you run more than one.'
        log({ level: 'warn', event: 'refresh/rotation-without-store', message })
      }
      log({
        level: 'info',
        event: 'refresh',
        message: 'An access token was renewed.',
        rotated,
        sessionId: key,
        ...identity,
      })
      await guarded(() => options.onRefresh?.({ sessionId: key, ...identity, rotated, instanceUrl }))
    },
    async failed(home, error) {
      if (!isSalesforceAuthError(error)) return
      const identity = (await home.read().catch(() => undefined))?.tokens.identity
      log({
        level: error.needsLogin ? 'info' : 'warn',
        event: 'refresh/failed',
        message: error.message,
        code: error.code,
        sessionId: home.key,
      })
      if (identity !== undefined && error instanceof SalesforceAuthError) {
        await guarded(() => options.onRefreshError?.({ sessionId: home.key, ...identity, error }))
      }
    },
  }
}
