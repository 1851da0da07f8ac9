import type { Answers, Command } from './command.ts'
import type { ObjectState, ObjectStorage } from './platform.ts'

interface Entry {
  readonly value: string
  readonly expiresAt: number
  readonly owner?: string
}

interface Lock {
  /** Of the newest holder, also when it has released the lock. */
  readonly fence: number
  /** 0 when it is free. */
  readonly until: number
}

const MEMBER = 'member:'
const PAGE_SIZE = 500

/**
 * The Durable Object of one key, or of one list of keys. Export it from the Worker and bind a namespace to it; only
 * {@link durableObjectStore} talks to it.
 * @see https://developers.cloudflare.com/durable-objects/
 */
export class OrgpassStore {
  readonly #storage: ObjectStorage
  readonly #waiting = new Set<() => void>()
  #lock: Lock | undefined

  constructor(state: ObjectState) {
    this.#storage = state.storage
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
    this.#lock = undefined
    await this.#storage.deleteAll()
  }

  async #answer(command: Command): Promise<Answers[Command['ask']]> {
    switch (command.ask) {
      case 'get':
        return (await this.#living())?.value ?? null
      case 'owner':
        return (await this.#living())?.owner ?? null
      case 'set':
        return this.#set(command)
      case 'delete': {
        const before = (await this.#entry())?.owner
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
        await this.#storage.put(MEMBER + command.key, Date.now() + command.ttl)
        return null
      case 'strike':
        await this.#storage.delete(MEMBER + command.key)
        return null
      case 'page':
        return this.#page(command)
    }
  }

  async #page({ prefix, after }: Command & { ask: 'page' }): Promise<Answers['page']> {
    const start = after === undefined ? {} : { startAfter: MEMBER + after }
    const found = [...(await this.#storage.list({ prefix: MEMBER + prefix, limit: PAGE_SIZE, ...start }))]
    const ended = found.filter(([, until]) => Number(until) <= Date.now())
    await Promise.all(ended.map(([member]) => this.#storage.delete(member)))
    const keys = found.filter((member) => !ended.includes(member)).map(([member]) => member.slice(MEMBER.length))
    const last = found.length < PAGE_SIZE ? undefined : found.at(-1)?.[0].slice(MEMBER.length)
    return { keys, last: last ?? null }
  }

  async #living(): Promise<Entry | undefined> {
    const entry = await this.#entry()
    return entry !== undefined && entry.expiresAt > Date.now() ? entry : undefined
  }

  async #entry(): Promise<Entry | undefined> {
    return (await this.#storage.get('entry')) as Entry | undefined
  }

  async #set({ value, ttl, fence, owner }: Command & { ask: 'set' }): Promise<Answers['set']> {
    // A lock is forgotten only when its lease has ended and nothing is kept: what comes under it then comes too late.
    if (fence !== undefined && fence !== this.#lock?.fence) return { written: false }
    const before = (await this.#entry())?.owner
    const expiresAt = Date.now() + ttl
    await this.#storage.put('entry', { value, expiresAt, ...(owner !== undefined && { owner }) } satisfies Entry)
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
