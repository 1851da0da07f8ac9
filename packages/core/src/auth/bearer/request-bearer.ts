import { ConfigError, isSalesforceAuthError, TokenError } from '../../errors/errors.ts'
import type { Exchange, Reply } from '../../http/exchange.ts'
import { fetchUserinfo } from '../../resources/userinfo.ts'
import { Caller } from '../caller.ts'
import type { Kit } from '../kit.ts'
import { forbidden } from '../requirement.ts'
import type { Requirement } from '../requirement.ts'
import { parseAuthorization } from './authorization.ts'
import {
  bearerMalformed,
  bearerMissing,
  bearerRefused,
  bearerTooLate,
  schemeRefused,
  wwwAuthenticate,
} from './challenge.ts'
import type { AcceptedBearer } from './claims.ts'
import type { BearerGate } from './gate.ts'
import { boundToken } from './refusals.ts'

/** The bearer token of one request. */
export class RequestBearer {
  readonly #kit: Kit
  readonly #gate: BearerGate
  readonly #exchange: Exchange
  #verdict: Promise<Reply | undefined> | undefined
  #accepted: AcceptedBearer | undefined

  /** @throws {ConfigError} `config/invalid` when the app does not say which tokens it takes. */
  constructor(kit: Kit, exchange: Exchange) {
    this.#kit = kit
    this.#gate = kit.bearer ?? refuseUnconfigured()
    this.#exchange = exchange
  }

  /** The token that was let pass; `undefined` before, and when none was. */
  get accepted(): AcceptedBearer | undefined {
    return this.#accepted
  }

  /** Lets the token pass, or answers what to reply. However often it is asked, the token is judged once. */
  judge(): Promise<Reply | undefined> {
    return (this.#verdict ??= this.#judge())
  }

  /** What to answer when it is too late to judge by a token. */
  refuseLate(): Reply {
    return bearerTooLate(this.#gate.realm)
  }

  /** Whose token it is. */
  caller(): Caller | undefined {
    if (this.#accepted === undefined) return undefined
    const { token, claims } = this.#accepted
    const { client, callers } = this.#kit
    const { issuer, orgId, userId = '' } = claims
    const { timeout } = callers
    const send = (url: string, init: RequestInit = {}): Promise<Response> => {
      const headers = new Headers(init.headers)
      headers.set('authorization', `Bearer ${token}`)
      return client.http.fetch(url, { ...init, headers })
    }
    const service = {
      fetch: (path: string, init?: RequestInit) => send(issuer + path, init),
      userinfo: () => fetchUserinfo(send, issuer, { expected: { orgId, userId }, timeout }),
    }
    const asking = { asker: token, exchange: this.#exchange }
    return new Caller({ ...claims, kind: 'bearer', ...asking, ...service }, callers)
  }

  async challenge(): Promise<Reply> {
    return bearerMissing(this.#gate.realm)
  }

  forbid(requirement: Requirement, scope?: readonly string[]): Reply {
    const reply = forbidden(requirement, scope)
    if (scope === undefined) return reply
    const challenge = wwwAuthenticate(this.#gate.realm, { error: 'insufficient_scope', scope })
    return { ...reply, headers: { ...reply.headers, 'www-authenticate': challenge } }
  }

  async #judge(): Promise<Reply | undefined> {
    const { realm } = this.#gate
    const authorization = parseAuthorization(this.#exchange.header('authorization'))
    if (hasTokenInAddress(this.#exchange)) {
      return bearerMalformed(realm, 'stands in the address, which ends up in logs and histories')
    }
    switch (authorization.kind) {
      case 'none':
        return bearerMissing(realm)
      case 'dpop':
        return schemeRefused(realm, boundToken())
      case 'malformed':
        return bearerMalformed(realm, authorization.problem)
      case 'bearer':
        return this.#verify(authorization.token)
    }
  }

  async #verify(token: string): Promise<Reply | undefined> {
    const { realm } = this.#gate
    try {
      this.#accepted = { token, claims: await this.#gate.verify(token, this.#exchange) }
      return undefined
    } catch (error) {
      if (!isSalesforceAuthError(error) || !(error instanceof TokenError) || error.status !== 401) throw error
      const { code, message } = error
      this.#kit.config.log({ level: 'info', event: 'bearer/refused', message, code })
      return bearerRefused(realm, error)
    }
  }
}

function hasTokenInAddress({ target }: Exchange): boolean {
  const mark = target.indexOf('?')
  return mark !== -1 && new URLSearchParams(target.slice(mark)).has('access_token')
}

function refuseUnconfigured(): never {
  const hint =
    "Say whose tokens may come in: bearer: { issuers: ['https://acme.my.salesforce.com'], clientIds: ['3MVG…'] }."
  throw new ConfigError([{ option: 'bearer', problem: 'is missing, and requiresBearer() guards a route', hint }])
}
