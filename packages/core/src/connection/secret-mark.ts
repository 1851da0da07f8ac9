import type { Seal } from '../crypto/seal.ts'
import type { Logger } from '../errors/log.ts'
import type { KeyValueStore } from '../store/key-value.ts'

export interface SecretMarkOptions {
  readonly store: KeyValueStore
  readonly key: string
  readonly seal: Seal
  readonly log: Logger
  /** How long it is kept. Milliseconds. */
  readonly ttl: number
}

/**
 * Finds out that a process has none of the secrets that connections were sealed with: owners are stored as keyed hashes,
 * so to that process nobody would have any, and no error would say so.
 */
export class SecretMark {
  readonly #options: SecretMarkOptions
  #left: Promise<void> | undefined
  #isChecked = false

  constructor(options: SecretMarkOptions) {
    this.#options = options
  }

  /** Leaves it where none is that this process can read; looks once. */
  async leave(): Promise<void> {
    this.#left ??= this.#find().then(async (found) => (found === 'own' ? undefined : this.renew()))
    // A store that is away now may be asked again.
    await this.#left.catch((error: unknown) => {
      this.#left = undefined
      throw error
    })
  }

  /** Seals it with the newest secret. */
  async renew(): Promise<void> {
    const { store, key, seal, ttl } = this.#options
    await store.set(key, await seal.seal(key), { ttl })
  }

  /** Logs an error when the connections there are belong to other secrets; says it once. */
  async check(): Promise<void> {
    const found = this.#isChecked ? 'own' : await this.#find()
    if (found === 'none' || this.#isChecked) return
    this.#isChecked = true
    if (found === 'own') return
    const message =
      'The store has connections, and none of the session secrets of this process opens them: it finds none. Check SESSION_SECRET.'
    this.#options.log({ level: 'error', event: 'connection/unreadable', message })
  }

  async #find(): Promise<'none' | 'own' | 'foreign'> {
    const { store, key, seal } = this.#options
    const sealed = await store.get(key)
    if (sealed === undefined) return 'none'
    return (await seal.open(sealed)) === key ? 'own' : 'foreign'
  }
}
