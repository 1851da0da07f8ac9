import { base64url } from 'jose'
import { createSeal, deriveKeyring } from '../crypto/seal.ts'
import type { OpenSeal, Seal } from '../crypto/seal.ts'
import { isSalesforceAuthError } from '../errors/errors.ts'
import type { Logger } from '../errors/log.ts'
import type { KeyValueStore, Lease } from '../store/key-value.ts'
import { connectionUnreadable, storeFailed } from './connection-errors.ts'
import { packConnection, unpackConnection } from './connection-record.ts'
import type { ConnectionRecord } from './connection-record.ts'
import { SecretMark } from './secret-mark.ts'

export interface ConnectionRecordsOptions {
  readonly store: KeyValueStore
  /** Keeps the connections of apps and tenants apart that share a store. */
  readonly realm: string
  /** Newest first: the first one seals, every one opens. */
  readonly secrets: readonly string[]
  readonly openSeal: OpenSeal | undefined
  readonly log: Logger
}

/** A record that nobody has written for so long belongs to a grant that is long dead. Milliseconds. */
const LIFE = 400 * 86_400_000
const ID = /^[\w-]{43}$/
const utf8 = new TextEncoder()

/**
 * The connections in a store. Each is sealed by the server's keyring together with its own id, so that no record can
 * take another one's place; owners are known to the store as keyed hashes only.
 */
export class ConnectionRecords {
  readonly #store: KeyValueStore
  readonly #prefix: string
  readonly #realm: string
  readonly #seal: Seal
  readonly #log: Logger
  readonly #mark: SecretMark
  readonly #ownerKeys: () => Promise<readonly CryptoKey[]>

  constructor({ store, realm, secrets, openSeal, log }: ConnectionRecordsOptions) {
    this.#store = store
    this.#realm = realm
    this.#log = log
    this.#prefix = `${realm}:connection:`
    this.#seal = createSeal(() => deriveKeyring(secrets, `connection/${realm}`), openSeal)
    this.#mark = new SecretMark({ store, key: `${realm}:connections`, seal: this.#seal, log, ttl: LIFE })
    let keys: Promise<readonly CryptoKey[]> | undefined
    this.#ownerKeys = () => (keys ??= importOwnerKeys(secrets, `owner/${realm}`))
  }

  /** @throws {ConnectionError} `connection/unreadable` when it is there and no secret opens it. */
  async load(id: string): Promise<ConnectionRecord | undefined> {
    if (!ID.test(id)) return undefined
    const sealed = await this.#ask((store) => store.get(this.#prefix + id))
    if (sealed === undefined) return undefined
    const text = await this.#seal.open(sealed)
    const record = text === undefined ? undefined : unpackConnection(text)
    if (record?.id !== id) throw connectionUnreadable()
    return record
  }

  /** False when the lock went to somebody else meanwhile and nothing was written. */
  async keep(record: ConnectionRecord, lease?: Lease): Promise<boolean> {
    const [sealed, [owner = '']] = await Promise.all([
      this.#seal.seal(packConnection(record)),
      this.#lists(record.owner),
    ])
    const options = { ttl: LIFE, owner, ...(lease && { fence: lease.fence }) }
    await this.#ask(() => this.#mark.leave())
    return this.#ask((store) => store.set(this.#prefix + record.id, sealed, options))
  }

  /** False when the lock went to somebody else meanwhile, who may have connected it again, and nothing was removed. */
  async remove(id: string, lease?: Lease): Promise<boolean> {
    return this.#ask((store) => store.set(this.#prefix + id, '', { ttl: 0, ...(lease && { fence: lease.fence }) }))
  }

  /** An owner's connections, also those that were written under an older secret, oldest first; without unreadable ones. */
  async of(owner: string): Promise<readonly ConnectionRecord[]> {
    const lists = await this.#lists(owner)
    const keys = await Promise.all(lists.map((list) => this.#ask((store) => store.list(list))))
    const ids = [...new Set(keys.flat())].map((key) => key.slice(this.#prefix.length))
    if (ids.length === 0) await this.#ask(() => this.#mark.check())
    const records = await Promise.all(ids.map((id) => this.#readable(id)))
    // The store only says where to look; whose it is stands under the seal.
    return records
      .flatMap((record) => (record?.owner === owner ? [record] : []))
      .toSorted((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1))
  }

  /** Says that what there is was sealed with the newest secret. */
  async resealed(): Promise<void> {
    await this.#ask(() => this.#mark.renew())
  }

  /** The ids of all connections. */
  async *all(): AsyncGenerator<string> {
    try {
      for await (const key of this.#store.keys(this.#prefix)) yield key.slice(this.#prefix.length)
    } catch (error) {
      throw isSalesforceAuthError(error) ? error : storeFailed(error)
    }
  }

  /** Takes turns with whoever renews or changes this connection, in any process. */
  withLock<T>(id: string, work: (lease: Lease) => Promise<T>): Promise<T> {
    return this.#ask((store) => store.withLock(this.#prefix + id, work))
  }

  /** Takes turns with whoever adds to or renames an owner's connections, in any process. */
  async withOwnerLock<T>(owner: string, work: () => Promise<T>): Promise<T> {
    // While secrets change, processes have them in another order: all take the same locks, in the same order.
    const locks = (await this.#lists(owner)).toSorted()
    const ask = (lock: string, inner: () => Promise<T>) => this.#ask((store) => store.withLock(lock, inner))
    return locks.reduceRight<() => Promise<T>>((inner, lock) => () => ask(lock, inner), work)()
  }

  async #readable(id: string): Promise<ConnectionRecord | undefined> {
    try {
      return await this.load(id)
    } catch (error) {
      if (!isSalesforceAuthError(error) || error.code !== 'connection/unreadable') throw error
      this.#log({ level: 'warn', event: 'connection/unreadable', message: error.message, connectionId: id })
      return undefined
    }
  }

  async #lists(owner: string): Promise<readonly string[]> {
    const keys = await this.#ownerKeys()
    return Promise.all(
      keys.map(async (key) => {
        const hash = new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(owner)))
        return `${this.#realm}:owner:${base64url.encode(hash)}`
      }),
    )
  }

  async #ask<T>(question: (store: KeyValueStore) => Promise<T>): Promise<T> {
    try {
      return await question(this.#store)
    } catch (error) {
      throw isSalesforceAuthError(error) ? error : storeFailed(error)
    }
  }
}

async function importOwnerKeys(secrets: readonly string[], purpose: string): Promise<readonly CryptoKey[]> {
  const keyring = await deriveKeyring(secrets, purpose)
  const how = { name: 'HMAC', hash: 'SHA-256' }
  return Promise.all(
    keyring.map(({ bytes }) => crypto.subtle.importKey('raw', Uint8Array.from(bytes), how, false, ['sign'])),
  )
}
