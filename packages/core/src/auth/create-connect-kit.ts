import type { Config } from '../config.ts'
import { describeConnection } from '../connection/connection-record.ts'
import { ConnectionRecords } from '../connection/connection-records.ts'
import { Connections } from '../connection/connections.ts'
import { RefreshCoordinator } from '../connection/refresh.ts'
import type { RefreshDependencies } from '../connection/refresh.ts'
import type { OpenSeal } from '../crypto/seal.ts'
import { isSalesforceAuthError, SalesforceAuthError } from '../errors/errors.ts'
import type { Client } from '../oauth/client.ts'
import type { SalesforceAuthOptions } from '../options.ts'
import { createGrants } from './create-grants.ts'
import { guardedHook } from './guarded-hook.ts'
import type { ConnectKit } from './kit.ts'

interface ConnectKitOptions {
  readonly config: Config
  readonly options: SalesforceAuthOptions
  readonly openSeal: OpenSeal | undefined
}

/** Builds what stored connections need, on the HTTP client of the instance; `undefined` when the app stores none. */
export function createConnectKit(
  instance: Client,
  { config, options, openSeal }: ConnectKitOptions,
): ConnectKit | undefined {
  const { connect, realm, secrets, log, now } = config
  if (connect === undefined) return undefined
  const client = { ...instance, clientId: connect.clientId, authenticate: connect.clientAuthentication }
  const { send, spendTimeout, ...grants } = createGrants(client, { ...options, clientSecrets: connect.clientSecrets })
  const records = new ConnectionRecords({ store: connect.store, realm, secrets, openSeal, log })
  const refresher = new RefreshCoordinator({
    now,
    spendTimeout,
    discard: grants.discard,
    send,
    ...refreshHooks(records, config, options),
  })
  const connections = new Connections({
    client,
    records,
    refresher,
    now,
    discard: ({ login, tokens }) => grants.discard(login, tokens),
    async disconnected(info) {
      const { id: connectionId, orgId, userId } = info
      const message = 'A connection was disconnected.'
      log({ level: 'info', event: 'disconnect', message, connectionId, orgId, userId })
      await guardedHook(log, () => options.onDisconnect?.(info))
    },
  })
  return { config: connect, ...grants, records, refresher, connections }
}

function refreshHooks(
  records: ConnectionRecords,
  { log }: Config,
  { onNeedsReconnect }: SalesforceAuthOptions,
): Pick<RefreshDependencies, 'renewed' | 'failed'> {
  return {
    async renewed({ key }, before, { identity, refreshToken: next }) {
      const rotated = next !== before.refreshToken
      const message = 'The access token of a connection was renewed.'
      log({ level: 'info', event: 'refresh', message, rotated, connectionId: key, ...identity })
    },
    async failed({ key }, error) {
      if (!isSalesforceAuthError(error)) return
      const { code, message, needsLogin } = error
      log({ level: 'warn', event: 'refresh/failed', message, code, connectionId: key })
      // Who only finds it written down was told by whoever wrote it.
      if (!needsLogin || !(error instanceof SalesforceAuthError)) return
      await guardedHook(log, async () => {
        const record = await records.load(key)
        if (record?.dead !== undefined) await onNeedsReconnect?.({ connection: describeConnection(record), error })
      })
    },
  }
}
