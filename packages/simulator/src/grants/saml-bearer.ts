import { publicKeyOf } from '../apps/certificate.ts'
import { requireClient } from '../apps/client-authentication.ts'
import { requireFlow, requireUse } from '../apps/policy-check.ts'
import { requireApproval, requireSubject } from '../authorization/pre-approval.ts'
import type { Place } from '../http/hosts.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { type Assertion, claimedIssuer, verifyAssertion } from '../saml/assertion.ts'
import { checkReplay, checkValidity, decodeDocument, invalidAssertion, orInvalid } from '../saml/checks.ts'
import type { App, Org } from '../state.ts'
import { createTokenAnswer, type TokenAnswer, without } from '../tokens/answer.ts'
import { countLogin } from '../users/logins.ts'
import { orgOf, type World } from '../world.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'urn:ietf:params:oauth:grant-type:saml2-bearer'
export const parameters: readonly string[] = ['assertion']

const tokenPath = '/services/oauth2/token'

/** Like JWT bearer: never a refresh token, neither `issued_at` nor `signature`. */
export async function handle(world: World, { form, place, address }: GrantRequest): Promise<TokenAnswer> {
  const document = decodeDocument(form.get('assertion') ?? '')
  const app = requireClient(
    world,
    place,
    orInvalid(() => claimedIssuer(document)),
  )
  requireFlow(app, 'samlBearer')
  const assertion = verify(document, app)
  const user = world.state.users.find(({ username }) => username === assertion.nameId)
  const org = user && orgOf(world, user)
  checkAudience(audiences(world, { place, org }), assertion)
  const isLenient = org?.samlRecipient === 'optional' && assertion.confirmations.every(({ recipient }) => !recipient)
  checkValidity(world, assertion, isLenient ? undefined : hosts(world, place).map((host) => host + tokenPath))
  if (org?.samlReplay === 'refused') checkReplay(world, assertion)
  const subject = requireSubject(world, [place], assertion.nameId)
  requireUse(world, { app, user: subject, address })
  const approval = requireApproval(world, { app, user: subject, place })
  countLogin(world, subject)
  const answer = await createTokenAnswer(world, approval, { refreshToken: false, idToken: false })
  return without(answer, ['issued_at', 'signature'])
}

function verify(document: string, { certificate, clientId }: App): Assertion {
  if (certificate === null) throw invalidAssertion()
  const assertion = orInvalid(() => verifyAssertion(document, publicKeyOf(certificate)))
  if (assertion.issuer !== clientId) throw invalidAssertion()
  return assertion
}

/** The generic host of this place's kind of org, and the place itself as it was addressed. */
function hosts(world: World, place: Place): string[] {
  const generic = place.org ? world.hosts.genericUrl(place.org) : place.origin
  return [...new Set([generic, place.base])]
}

function audiences(world: World, { place, org }: { place: Place; org: Org | undefined }): string[] {
  const bases = hosts(world, place)
  const endpoints = bases.map((base) => base + tokenPath)
  const policy = org?.samlAudience ?? 'either'
  return [...(policy === 'tokenEndpoint' ? [] : bases), ...(policy === 'host' ? [] : endpoints)]
}

function checkAudience(expected: readonly string[], { audiences: given }: Assertion): void {
  if (given.length !== 1 || !expected.includes(given[0] ?? '')) {
    throw new OAuthError('invalid_grant', 'Audience validation failed')
  }
}
