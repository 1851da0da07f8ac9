import type { Answers, Command, Membership } from './command.ts'
import { Members } from './members.ts'
import type { ObjectState, ObjectStorage } from './platform.ts'

interface Entry {
  readonly value: string
  readonly expiresAt: number
  readonly membership?: Membership
}

interface Lock {
  /** Of the newest holder, also when it has released the lock. */
  readonly fence: number
  /** 0 when it is free. */
  readonly until: number
}

/**
 * The Durable Object of one key, or of one list of keys. Export it from the Worker and bind a namespace to it; only
 * {@link durableObjectStore} talks to it.
 * @see https://developers.cloudflare.com/durable-objects/
 */
export class OrgpassStore {
  readonly #storage: ObjectStorage
  readonly #members: Members
  readonly #waiting = new Set<() => void>()
  #lock: Lock | undefined

  constructor(state: ObjectState) {
    this.#storage = state.storage
    this.#members = new Members(state.storage)
    state.blockConcurrencyWhile(async () => {
      this.#lock = (await this.#storage.get('lock')) as Lock | undefined
    })
  }

  async fetch(request: Request): Promise<Response> {
    return Response.json(await this.#answer((await request.json()) as Command))
  }

  /** Forgets everything once nothing of it is alive. */
  async alarm(): Promise<void> {
    const dueAt = Math.max((await this.#entry())?.expiresAt ?? 0, this.#lock?.until ?? 0)
    if (dueAt > Date.now()) return this.#storage.setAlarm(dueAt)
    const sweepAt = await this.#members.sweep()
    if (sweepAt !== undefined) return this.#storage.setAlarm(sweepAt)
    this.#lock = undefined
    await this.#storage.deleteAll()
  }

  async #answer(command: Command): Promise<Answers[Command['ask']]> {
    switch (command.ask) {
      case 'get':
        return (await this.#living())?.value ?? null
      case 'owner':
        return (await this.#living())?.membership?.owner ?? null
      case 'set':
        return this.#set(command)
      case 'delete': {
        const before = (await this.#entry())?.membership
        await this.#storage.delete('entry')
        return before === undefined ? {} : { before }
      }
      case 'acquire':
        return this.#acquire(command)
      case 'renew':
        if (this.#lock?.fence !== command.fence || this.#lock.until === 0) return false
        await this.#hold({ fence: command.fence, until: Date.now() + command.lease })
        return true
      case 'release':
        if (this.#lock?.fence === command.fence) await this.#hold({ fence: command.fence, until: 0 })
        for (const wake of this.#waiting) wake()
        return null
      case 'enter':
        await this.#forgetAt(await this.#members.enter(command))
        return null
      case 'strike':
        await this.#members.strike(command)
        return null
      case 'page':
        return this.#members.page(command)
    }
  }

  async #living(): Promise<Entry | undefined> {
    const entry = await this.#entry()
    return entry !== undefined && entry.expiresAt > Date.now() ? entry : undefined
  }

  async #entry(): Promise<Entry | undefined> {
    return (await this.#storage.get('entry')) as Entry | undefined
  }

  async #set({ value, ttl, fence, membership }: Command & { ask: 'set' }): Promise<Answers['set']> {
    // A lock is forgotten only when its lease has ended and nothing is kept: what comes under it then comes too late.
    if (fence !== undefined && fence !== this.#lock?.fence) return { written: false }
    const before = (await this.#entry())?.membership
    const expiresAt = Date.now() + ttl
    await this.#storage.put('entry', { value, expiresAt, ...(membership && { membership }) } satisfies Entry)
    await this.#forgetAt(expiresAt)
    return { written: true, ...(before !== undefined && { before }) }
  }

  async #acquire({ lease, wait }: Command & { ask: 'acquire' }): Promise<number | null> {
    const deadline = Date.now() + wait
    for (let left: number; (left = (this.#lock?.until ?? 0) - Date.now()) > 0;) {
      if (Date.now() >= deadline) return null
      await this.#released(Math.min(left, deadline - Date.now()))
    }
    // Never below an earlier one, though this object may have forgotten it.
    const fence = Math.max(Date.now(), (this.#lock?.fence ?? 0) + 1)
    await this.#hold({ fence, until: Date.now() + lease })
    return fence
  }

  /** Takes effect at once: whoever comes while it is written down sees it already. */
  async #hold(lock: Lock): Promise<void> {
    this.#lock = lock
    await this.#storage.put('lock', lock)
    if (lock.until > 0) await this.#forgetAt(lock.until)
  }

  /** Resolves when the lock is released, and at the latest when its lease ends. Milliseconds. */
  #released(left: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, left)
      this.#waiting.add(wake)
    })
  }

  /** One alarm is enough: when it rings too early, it is set anew. */
  async #forgetAt(at: number): Promise<void> {
    if ((await this.#storage.getAlarm()) === null) await this.#storage.setAlarm(at)
  }
}
