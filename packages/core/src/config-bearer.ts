import { checkDuration } from './oauth/option-checks.ts'
import type { Report } from './oauth/option-checks.ts'
import { parseLoginUrl } from './org/hosts.ts'
import type { HostPolicy, LoginHost } from './org/hosts.ts'
import type { BearerOptions } from './options.ts'

/** Which access tokens may come in, checked. */
export interface BearerConfig {
  /** Bases as the tokens' `iss` spells them. */
  readonly issuers: readonly string[]
  readonly clientIds: readonly string[]
  readonly audience?: string
  readonly scopes?: readonly string[]
  readonly opaque?: { readonly ttl: number }
}

const MINUTE = 60_000
const ISSUER_HINT = "List the orgs' My Domains or sites: ['https://acme.my.salesforce.com']."

export interface BearerSurroundings extends HostPolicy {
  readonly login: LoginHost | undefined
}

export function checkBearer(
  value: BearerOptions | undefined,
  surroundings: BearerSurroundings,
  report: Report,
): BearerConfig | undefined {
  if (value === undefined) return undefined
  const issuers = checkIssuers(value.issuers, surroundings, report)
  const { audience } = value
  const opaque = checkOpaque(value.opaque, report)
  if (audience !== undefined && (typeof audience !== 'string' || audience === '')) {
    report('bearer.audience', 'is not a text', 'Leave it out: Salesforce names the issuer as audience.')
  }
  const { login } = surroundings
  if (opaque !== undefined && login !== undefined && !issuers.includes(login.base)) {
    const hint = 'Opaque tokens are introspected at loginUrl: make it one of the issuers, or leave bearer.opaque out.'
    report('bearer.opaque', 'needs loginUrl among bearer.issuers', hint)
  }
  const scopes = checkTexts('bearer.scopes', value.scopes ?? [], report)
  return Object.freeze({
    issuers,
    clientIds: checkClientIds(value.clientIds, report),
    ...(audience !== undefined && { audience }),
    ...(scopes.length > 0 && { scopes }),
    ...(opaque && { opaque }),
  })
}

function checkOpaque(value: unknown, report: Report): BearerConfig['opaque'] {
  if (value === undefined) return undefined
  const isOptions = typeof value === 'object' && value !== null && Object.keys(value).every((name) => name === 'ttl')
  if (!isOptions) report('bearer.opaque', 'is not an object that holds ttl alone', 'Write { ttl: 60_000 }, or {}.')
  const { ttl } = (isOptions ? value : {}) as { ttl?: unknown }
  return { ttl: checkDuration('bearer.opaque.ttl', ttl ?? MINUTE, report) }
}

function checkIssuers(value: unknown, policy: HostPolicy, report: Report): readonly string[] {
  const issuers = checkTexts('bearer.issuers', value, report)
  if (Array.isArray(value) && value.length === 0) report('bearer.issuers', 'is empty', ISSUER_HINT)
  return Object.freeze(
    issuers.flatMap((issuer) => {
      const host = parseLoginUrl(issuer, policy)
      if ('problem' in host) {
        report('bearer.issuers', `contains something that ${host.problem}`, host.hint)
        return []
      }
      if (host.kind === 'public') {
        report('bearer.issuers', 'contains a login host of every org, which issues no JWT', ISSUER_HINT)
        return []
      }
      return [host.base]
    }),
  )
}

function checkClientIds(value: unknown, report: Report): readonly string[] {
  const isMissing = value === undefined
  if (!isMissing && (!Array.isArray(value) || value.length > 0)) return checkTexts('bearer.clientIds', value, report)
  const hint = 'List the Consumer Keys of the apps that may call you: any app of an org gets tokens for its users.'
  report('bearer.clientIds', isMissing ? 'is missing' : 'is empty', hint)
  return []
}

function checkTexts(option: string, value: unknown, report: Report): readonly string[] {
  const isList =
    Array.isArray(value) && value.every((text) => typeof text === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text))
  if (!isList) report(option, 'is not a list of texts without spaces', "Write a list: ['…'].")
  return isList ? Object.freeze([...new Set(value as string[])]) : []
}
