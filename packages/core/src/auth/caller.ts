import { GuardError } from '../errors/errors.ts'
import type { Exchange } from '../http/exchange.ts'
import { keepAlive } from '../http/keep-alive.ts'
import { ask } from './ask.ts'
import type { FactCache } from './fact-cache.ts'
import { CUSTOM_PERMISSIONS, IS_SANDBOX, PERMISSION_SETS, PROFILE, USER_TYPE } from './questions.ts'
import type { FactService, Question } from './questions.ts'
import { coversScope } from './scopes.ts'

/** How a caller is known: by a session of this app, or by a Salesforce access token. */
export type CallerKind = 'session' | 'bearer'

export interface CallerSource extends FactService {
  readonly kind: CallerKind
  readonly orgId: string
  readonly userId?: string
  /** The app that the token belongs to. */
  readonly clientId: string
  readonly scope: readonly string[]
  /** The session or token that asks. */
  readonly asker: string
  /** What its questions outlive. */
  readonly exchange: Pick<Exchange, 'waitUntil'>
}

export interface CallerMeans {
  readonly facts: FactCache
  /** Epoch milliseconds. */
  readonly now: () => number
  /** How long one question may take. Milliseconds. */
  readonly timeout: number
}

/**
 * Whom guards judge. What the token does not say is asked of Salesforce with the caller's own token, and believed for
 * `guards.factTtl`. All questions throw `GuardError` when they cannot be answered.
 */
export class Caller {
  readonly kind: CallerKind
  readonly orgId: string
  /** Absent when the token stands for no person: such a caller has no profile, permissions or type. */
  readonly userId?: string
  /** What the token was granted. */
  readonly scope: readonly string[]
  readonly #source: CallerSource
  readonly #means: CallerMeans

  constructor(source: CallerSource, means: CallerMeans) {
    this.kind = source.kind
    this.orgId = source.orgId
    if (source.userId !== undefined) this.userId = source.userId
    this.scope = source.scope
    this.#source = source
    this.#means = means
  }

  /** Whether the token's scopes cover one: `full`, `api`, `web` and `id` cover others, too. */
  hasScope(scope: string): boolean {
    return coversScope(this.scope, scope)
  }

  /** Whether the org is a sandbox, by its `Organization` record. Scratch orgs are. Needs the scope `api`. */
  async isSandbox(): Promise<boolean> {
    return this.#ask(IS_SANDBOX, '')
  }

  /** The name of the user's profile, by SOQL. Needs the scope `api`; people of a site cannot read it. */
  async profile(): Promise<string | undefined> {
    return this.#askUser(PROFILE)
  }

  /** API names of the permission sets and groups assigned now, by SOQL. Needs the scope `api` and a user who may view Setup. */
  async permissionSets(): Promise<ReadonlySet<string>> {
    return (await this.#askUser(PERMISSION_SETS)) ?? new Set()
  }

  /** API names of the custom permissions held, by userinfo. Needs the scope `custom_permissions`. */
  async customPermissions(): Promise<ReadonlySet<string>> {
    return (await this.#askUser(CUSTOM_PERMISSIONS)) ?? new Set()
  }

  /** `STANDARD`, `CSP_LITE_PORTAL`, …, by userinfo. */
  async userType(): Promise<string | undefined> {
    return this.#askUser(USER_TYPE)
  }

  async #askUser<T>(question: Question<T>): Promise<T | undefined> {
    return this.userId === undefined ? undefined : this.#ask(question, this.userId)
  }

  async #ask<T>(question: Question<T>, userId: string): Promise<T> {
    const { name, about, scope } = question
    const { orgId, clientId, scope: granted, fetch, userinfo, asker, exchange } = this.#source
    // Where the token answer did not tell the scopes, Salesforce decides.
    if (scope !== undefined && granted.length > 0 && !this.hasScope(scope)) throw this.#scopeMissing(question, scope)
    const { facts, now, timeout } = this.#means
    const key = JSON.stringify([name, orgId, userId, about === 'user of an app' ? clientId : ''])
    const source = { orgId, userId, scope: granted, fetch, userinfo, timeout }
    return facts.get(key, {
      asker,
      ask: () => keepAlive(ask(question, { ...source, now: now() }), exchange),
    })
  }

  #scopeMissing({ name }: Question<unknown>, scope: string): GuardError {
    const isBearer = this.kind === 'bearer'
    return new GuardError('guard/scope-missing', `The ${name} cannot be asked for without the scope ${scope}.`, {
      hint: isBearer
        ? `Get an access token with the scope ${scope}.`
        : `Add ${scope} to the option scope and to the app in Setup (OAuth Settings), and log in again.`,
      ...(isBearer && { status: 403 }),
    })
  }
}
