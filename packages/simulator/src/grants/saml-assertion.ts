import { publicKeyOf } from '../apps/certificate.ts'
import { requireLogin } from '../apps/policy-check.ts'
import { standingApproval } from '../authorization/approvals.ts'
import type { Place } from '../http/hosts.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { to15 } from '../ids.ts'
import { type Assertion, verifyResponse } from '../saml/assertion.ts'
import { checkReplay, checkValidity, decodeDocument, orInvalid } from '../saml/checks.ts'
import type { IdentityProvider } from '../saml/identity-provider.ts'
import { parseXml } from '../saml/xml.ts'
import type { Org, User } from '../state.ts'
import type { TokenAnswer } from '../tokens/answer.ts'
import { inServerOrder } from '../tokens/scopes.ts'
import { addOpaqueToken } from '../tokens/tokens.ts'
import { countLogin } from '../users/logins.ts'
import { identityUrl, type World } from '../world.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'assertion'
export const parameters: readonly string[] = ['assertion_type', 'assertion']

const browserProfile = 'urn:oasis:names:tc:SAML:2.0:profiles:SSO:browser'
const scopes = ['id', 'api', 'web']

/** A login by the org's own identity provider: no app takes part, and no site. */
export async function handle(world: World, { form, place }: GrantRequest): Promise<TokenAnswer> {
  if (form.get('assertion_type') !== browserProfile) {
    throw new OAuthError('invalid_assertion_type', 'assertion type not supported')
  }
  const document = decodeDocument(form.get('assertion') ?? '')
  orInvalid(() => parseXml(document))
  const org = findOrg(world, place, form.get('so'))
  if (!org?.identityProvider || place.site) throw new OAuthError('invalid_grant', 'invalid assertion')
  const user = logIn(world, { org, provider: org.identityProvider, document, endpoint: `${place.base}${place.path}` })
  requireLogin(world, user)
  countLogin(world, user)
  const approval = standingApproval(world, { clientId: '', user, scopes, place })
  return {
    access_token: addOpaqueToken(world, approval).value,
    scope: inServerOrder(scopes).join(' '),
    instance_url: world.hosts.instanceUrl(org.id),
    id: identityUrl(world, user),
    token_type: 'Bearer',
  }
}

/** The generic hosts learn the org from `so`, as the endpoint that Setup shows has it. */
function findOrg(world: World, place: Place, so: string | null): Org | undefined {
  if (place.org || so === null) return place.org
  const kind = place.kind === 'sandbox-login' ? 'sandbox' : 'production'
  return world.state.orgs.find((org) => org.kind === kind && (org.id === so || to15(org.id) === so))
}

interface Login {
  org: Org
  provider: IdentityProvider
  document: string
  endpoint: string
}

/** What could be read but not accepted is explained on a page of Setup. */
function logIn(world: World, { org, provider, document, endpoint }: Login): User {
  const orgUrl = world.hosts.orgUrl(org.id)
  try {
    const assertion = orInvalid(() => verifyResponse(document, publicKeyOf(provider.certificate)))
    const loginUrls = [endpoint, orgUrl, `${orgUrl}/`]
    const recipients = loginUrls.flatMap((url) => [url, `${url}?so=${org.id}`, `${url}?so=${to15(org.id)}`])
    checkValidity(world, assertion, recipients)
    if (org.samlReplay === 'refused') checkReplay(world, assertion)
    const { issuer, entityId = orgUrl } = provider
    const user = findUser(world, assertion, { org, field: provider.userField ?? 'username' })
    if (assertion.issuer !== issuer || !assertion.audiences.includes(entityId) || !user) throw new Error('not for us')
    return user
  } catch {
    const page = `${orgUrl}/setup/secur/SAMLValidationPage.apexp`
    throw new OAuthError('invalid_grant', 'invalid assertion', { uri: page })
  }
}

function findUser(
  world: World,
  { nameId }: Assertion,
  { org, field }: { org: Org; field: 'username' | 'email' },
): User | undefined {
  return world.state.users.find((user) => user.orgId === org.id && user.site === undefined && user[field] === nameId)
}
