import { readForm } from '../http/form.ts'
import { json } from '../http/response-format.ts'
import { type Bearer, bareText, findBearer } from '../tokens/bearer.ts'
import { apiUrls, customPermissions, photos, standardClaims, utcOffset } from '../users/person.ts'
import { identitySpelling } from '../users/user-type.ts'
import { type EndpointContext, findApp, identityUrl, type World } from '../world.ts'

/** OpenID Connect's userinfo with Salesforce's additions; `updated_at` is text and a bad token a 403. */
export async function userinfo(world: World, context: EndpointContext): Promise<Response> {
  const form = await readForm(context)
  return world.faults.run(['userinfo'], {
    work: async () => {
      const bearer = await findBearer(world, context, form)
      if (bearer instanceof Response) return bearer
      return json(context, describe(world, bearer))
    },
    refuse: (error) => bareText(context, error.code),
  })
}

const everything = ['id', 'api', 'full']
const partsByScope: Readonly<Record<string, readonly string[]>> = {
  email: ['email', 'email_verified'],
  address: ['address'],
}

function describe(world: World, { token, user }: Bearer): Record<string, unknown> {
  const { scopes, clientId } = token.approval
  const { address, ...claims } = standardClaims(world, user)
  const all: Record<string, unknown> = {
    ...claims,
    photos: photos(world, user),
    address,
    is_salesforce_integration_user: false,
    urls: apiUrls(world, user),
    active: user.active,
    utcOffset: utcOffset(world, user),
    is_app_installed: findApp(world, clientId)?.installed ?? false,
  }
  const attributes = findApp(world, clientId)?.customAttributes ?? {}
  return {
    sub: identityUrl(world, user),
    user_id: user.id,
    organization_id: user.orgId,
    user_type: identitySpelling(user.userType),
    ...narrow(all, scopes),
    ...(Object.keys(attributes).length > 0 && { custom_attributes: attributes }),
    ...customPermissions(world, user, scopes),
  }
}

/** `openid` alone says who, `profile`, `email` and `address` add their part, broader scopes everything. */
function narrow(all: Record<string, unknown>, scopes: readonly string[]): Record<string, unknown> {
  if (scopes.some((scope) => everything.includes(scope))) return all
  const reserved = new Set(Object.values(partsByScope).flat())
  const isShown = (name: string): boolean =>
    reserved.has(name) ? scopes.some((scope) => partsByScope[scope]?.includes(name)) : scopes.includes('profile')
  return Object.fromEntries(Object.entries(all).filter(([name]) => isShown(name)))
}
