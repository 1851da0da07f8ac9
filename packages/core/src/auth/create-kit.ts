import type { Config } from '../config.ts'
import { RefreshCoordinator } from '../connection/refresh.ts'
import type { RefreshDependencies } from '../connection/refresh.ts'
import { createSeal, deriveKeyring } from '../crypto/seal.ts'
import type { OpenSeal } from '../crypto/seal.ts'
import { isSalesforceAuthError, SalesforceAuthError } from '../errors/errors.ts'
import { createHttpClient } from '../net/http-client.ts'
import { createKeySource } from '../net/jwks.ts'
import type { Client } from '../oauth/client.ts'
import { openDpop } from '../oauth/dpop.ts'
import type { SalesforceAuthOptions } from '../options.ts'
import { createCookieHome } from '../session/cookie-home.ts'
import { createStoreHome } from '../session/store-home.ts'
import { Tombstones } from '../session/tombstones.ts'
import { Transactions } from '../session/transaction.ts'
import { BearerGate } from './bearer/gate.ts'
import { createConnectKit } from './create-connect-kit.ts'
import { createGrants } from './create-grants.ts'
import { FactCache } from './fact-cache.ts'
import { guardedHook } from './guarded-hook.ts'
import type { Kit } from './kit.ts'

/** Builds everything that the requests of one instance share. Keys are derived at first use, and once. */
export function createKit(config: Config, options: SalesforceAuthOptions, openSeal: OpenSeal | undefined): Kit {
  const { log, now, name, realm, secure, secrets } = config
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
  const sealFor = (purpose: string) => createSeal(() => deriveKeyring(secrets, `${purpose}/${realm}`), openSeal)
  const home = { cookieName: `${cookieName}.sid`, secure, tombstones: new Tombstones(), now }
  const store = options.session?.store
  const { send, spendTimeout, ...grants } = createGrants(client, { ...options, clientSecrets: config.clientSecrets })
  const keys = createKeySource(http)
  const connect = createConnectKit(client, { config, options, openSeal })
  return {
    config,
    hooks: options,
    ...grants,
    keys,
    sessions:
      store === undefined
        ? createCookieHome({ ...home, seal: sealFor('session'), log })
        : createStoreHome({ ...home, store, secrets, openSeal, realm }),
    transactions: new Transactions({ seal: sealFor('transaction'), cookiePrefix: `${cookieName}.tx`, secure, now }),
    refresher: new RefreshCoordinator({
      now,
      spendTimeout,
      discard: grants.discard,
      send,
      ...refreshHooks(config, options),
    }),
    callers: { facts: new FactCache({ ttl: config.factTtl, now, timeout: http.timeout }), now, timeout: http.timeout },
    ...(config.bearer && { bearer: new BearerGate({ config, client, keys }, config.bearer) }),
    ...(connect && { connect }),
  }
}

function refreshHooks(config: Config, options: SalesforceAuthOptions): Pick<RefreshDependencies, 'renewed' | 'failed'> {
  const { log } = config
  let warned = options.session?.store !== undefined
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
      await guardedHook(log, () => options.onRefresh?.({ sessionId: key, ...identity, rotated, instanceUrl }))
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
        await guardedHook(log, () => options.onRefreshError?.({ sessionId: home.key, ...identity, error }))
      }
    },
  }
}
