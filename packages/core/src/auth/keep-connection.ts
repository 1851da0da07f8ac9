import { requireFreeAlias } from '../connection/alias.ts'
import { aliasTaken, connectionNotFound, storeFailed, userTaken } from '../connection/connection-errors.ts'
import { connectionHome } from '../connection/connection-home.ts'
import { describeConnection } from '../connection/connection-record.ts'
import type { ConnectionRecord } from '../connection/connection-record.ts'
import { shareRefreshToken } from '../connection/held-tokens.ts'
import type { HeldTokens } from '../connection/held-tokens.ts'
import { randomSecret } from '../crypto/pkce.ts'
import { CallbackError } from '../errors/errors.ts'
import { keepAlive } from '../http/keep-alive.ts'
import type { ConnectAttempt } from '../session/transaction.ts'
import { requireAllowedOrg } from './allowed-org.ts'
import { askHost } from './ask-host.ts'
import type { AuthRequest } from './auth-request.ts'
import type { AcceptedLogin } from './begin-session.ts'
import { requireConnectKit } from './connect.ts'
import type { Kit } from './kit.ts'

type KeepingRequest = Pick<AuthRequest, 'kit' | 'exchange'>

/** Stores a grant as its owner's connection: a new one, or in place of the grant that a known one had before. */
export async function keepConnection(
  { kit, exchange }: KeepingRequest,
  attempt: ConnectAttempt,
  accepted: AcceptedLogin,
): Promise<void> {
  const { config, records } = requireConnectKit(kit)
  const { orgId } = accepted.tokens.identity
  requireAllowedOrg(orgId, config.allowedOrgs, 'connect.allowedOrgs')
  requireOrg(attempt.expectedOrgId, orgId)
  const newId = randomSecret()
  const prepare = async (): Promise<Prepared> => {
    const own = await records.of(attempt.owner)
    const known = knownConnection(own, attempt, accepted.tokens)
    requireSameOrg(known, orgId, attempt)
    requireFreeUser(own, accepted.tokens, known)
    const record = newRecord(kit, attempt, { ...accepted, known, newId })
    requireFreeAlias(record.alias, own, record)
    return { record, reconnected: known !== undefined }
  }
  for (;;) {
    const { record, reconnected } = await prepare()
    const connection = describeConnection(record)
    const { idTokenClaims } = accepted
    const event = { connection, reconnected, ...(idTokenClaims && { idTokenClaims }) }
    // Not under the lock: it may take its time, and change the owner's other connections.
    await askHost(() => kit.hooks.onConnect?.(event), { code: 'callback/connection-refused', name: 'onConnect' })
    const isKept = await records.withOwnerLock(attempt.owner, async () => {
      const newest = await prepare()
      // Somebody connected the same meanwhile: another question to the host.
      if (newest.record.id !== record.id) return false
      if (reconnected) await replaceGrant({ kit, exchange }, newest.record)
      else await records.keep(newest.record)
      return true
    })
    if (isKept) {
      const message = reconnected ? 'An org was connected again.' : 'An org was connected.'
      return kit.config.log({
        level: 'info',
        event: 'connect',
        message,
        connectionId: record.id,
        ...accepted.tokens.identity,
      })
    }
  }
}

interface Prepared {
  readonly record: ConnectionRecord
  readonly reconnected: boolean
}

/** An alias or id stands for an org: its connection never becomes another's. */
function requireSameOrg(known: ConnectionRecord | undefined, orgId: string, attempt: ConnectAttempt): void {
  const { alias, connectionId } = attempt
  const expected = known?.tokens.identity.orgId
  // Found by its user, it would be of this org: so it was found by the alias.
  const isOther = expected !== undefined && expected !== orgId
  if (isOther && connectionId === undefined && alias !== undefined) throw aliasTaken(alias)
  requireOrg(expected, orgId)
}

function requireOrg(expected: string | undefined, orgId: string): void {
  if (expected === undefined || expected === orgId) return
  throw new CallbackError('callback/other-org', `The login was to the org ${orgId}, and ${expected} was expected.`, {
    hint: 'Log in to the expected org; prompt=login lets somebody else log in. To connect this one besides, start a new connection.',
  })
}

/** @throws {ConnectionError} `connection/user-taken` when another connection of the owner is of this very user. */
function requireFreeUser(
  own: readonly ConnectionRecord[],
  { identity }: HeldTokens,
  known: ConnectionRecord | undefined,
): void {
  const other = own.find((record) => record.id !== known?.id && isOfUser(record, identity))
  if (known !== undefined && other !== undefined) throw userTaken(other.alias ?? other.id)
}

function isOfUser({ tokens: { identity } }: ConnectionRecord, { orgId, userId }: HeldTokens['identity']): boolean {
  return identity.orgId === orgId && identity.userId === userId
}

/** The connection that this grant is for: the one asked for, the one with the alias, or the same user of the same org. */
function knownConnection(
  own: readonly ConnectionRecord[],
  { connectionId, alias }: ConnectAttempt,
  { identity }: HeldTokens,
): ConnectionRecord | undefined {
  if (connectionId !== undefined) {
    const known = own.find(({ id }) => id === connectionId)
    if (known === undefined) throw connectionNotFound()
    return known
  }
  return (
    own.find((record) => alias !== undefined && record.alias === alias) ??
    own.find((record) => isOfUser(record, identity))
  )
}

interface Granted extends AcceptedLogin {
  readonly known: ConnectionRecord | undefined
  /** Of the connection, unless there is one. */
  readonly newId: string
}

function newRecord({ config }: Kit, { owner, alias }: ConnectAttempt, granted: Granted): ConnectionRecord {
  const { known, newId, tokens, login } = granted
  const now = config.now()
  return {
    id: known?.id ?? newId,
    owner,
    ...(known?.alias !== undefined && { alias: known.alias }),
    ...(alias !== undefined && { alias }),
    ...(known?.defaultAt !== undefined && { defaultAt: known.defaultAt }),
    clientId: config.connect?.clientId ?? config.clientId,
    login,
    tokens,
    createdAt: known?.createdAt ?? now,
    connectedAt: now,
    renewedAt: now,
  }
}

/** Takes the place of the grant before, which is revoked behind the reply: nobody can use it any more. */
async function replaceGrant({ kit, exchange }: KeepingRequest, record: ConnectionRecord): Promise<void> {
  const { records, refresher, discard } = requireConnectKit(kit)
  await refresher.retire(connectionHome(records, record, kit.config.now), async (replaced, lease) => {
    const known = await records.load(record.id)
    if (known === undefined) throw connectionNotFound()
    if (!(await records.keep(record, lease))) throw storeFailed(undefined)
    if (replaced !== undefined && !shareRefreshToken(replaced, record.tokens))
      void keepAlive(discard(known.login, replaced), exchange)
  })
}
