import type { BearerConfig } from '../../config-bearer.ts'
import type { Config } from '../../config.ts'
import { TokenError, TransportError } from '../../errors/errors.ts'
import type { Exchange } from '../../http/exchange.ts'
import type { KeySource } from '../../net/jwks.ts'
import { verifyAccessToken } from '../../oauth/access-token.ts'
import type { Client } from '../../oauth/client.ts'
import type { Realm } from './challenge.ts'
import type { BearerClaims } from './claims.ts'
import { resourceMetadataUrl } from './metadata.ts'
import { OpaqueTokens, orgOfOpaque } from './opaque.ts'
import { boundToken, notAToken, opaqueNotTaken, orgNotAllowed } from './refusals.ts'

export interface BearerGateMeans {
  readonly config: Config
  readonly client: Client
  readonly keys: KeySource
}

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** Tells which access tokens may come into one app. */
export class BearerGate {
  readonly realm: Realm
  readonly #means: BearerGateMeans
  readonly #accepts: BearerConfig
  readonly #opaque: OpaqueTokens | undefined

  constructor(means: BearerGateMeans, accepts: BearerConfig) {
    const { config, client } = means
    const metadataUrl = resourceMetadataUrl(config)
    this.realm = { name: config.name, ...(metadataUrl !== undefined && { metadataUrl }) }
    this.#means = means
    this.#accepts = accepts
    const { clientIds, opaque } = accepts
    this.#opaque = opaque && new OpaqueTokens({ client, issuer: config.login.base, clientIds, ttl: opaque.ttl })
  }

  /**
   * What an access token says that may come in.
   * @throws {TokenError} with status 401 when it may not, `token/unverifiable` when nobody can tell just now.
   * @throws {OAuthError} when Salesforce refuses to tell this app.
   */
  async verify(token: string, exchange: Exchange): Promise<BearerClaims> {
    try {
      return JWT.test(token) ? await this.#verifyJwt(token) : await this.#verifyOpaque(token, exchange)
    } catch (cause) {
      if (!(cause instanceof TransportError)) throw cause
      throw new TokenError('token/unverifiable', 'The access token cannot be checked: Salesforce does not answer.', {
        cause,
        hint: 'Try again shortly with the same token.',
      })
    }
  }

  async #verifyJwt(token: string): Promise<BearerClaims> {
    const { config, keys } = this.#means
    const { issuers, clientIds, audience } = this.#accepts
    const { raw, orgId, userId, issuer, clientId, scope, expiresAt } = await verifyAccessToken(token, {
      issuers,
      clientIds,
      keys,
      now: config.now,
      ...(audience !== undefined && { audience }),
    })
    if (raw['cnf'] !== undefined) throw boundToken()
    this.#requireAllowedOrg(orgId)
    const claims = { kind: 'jwt' as const, issuer, orgId, clientId, scope: Object.freeze([...scope]), expiresAt }
    return Object.freeze({ ...claims, ...(userId !== undefined && { userId }) })
  }

  async #verifyOpaque(token: string, exchange: Exchange): Promise<BearerClaims> {
    const orgId = orgOfOpaque(token)
    if (orgId === undefined) throw notAToken()
    if (this.#opaque === undefined) throw opaqueNotTaken()
    this.#requireAllowedOrg(orgId)
    return this.#opaque.verify(token, exchange)
  }

  #requireAllowedOrg(orgId: string): void {
    const { allowedOrgs } = this.#means.config
    if (allowedOrgs !== 'any' && !allowedOrgs.includes(orgId)) throw orgNotAllowed()
  }
}
