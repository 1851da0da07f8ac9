import { Hono } from 'hono'
import { addChallenge, isProofFault, isRightUse } from '../dpop/binding.ts'
import { OAuthError } from '../http/oauth-error.ts'
import type { Org, User } from '../state.ts'
import { findLive, slide } from '../tokens/tokens.ts'
import { type EndpointContext, identityUrl, type World } from '../world.ts'
import type { RestCaller } from './caller.ts'
import { restRefusal } from './refusal.ts'
import { restApi } from './rest-api.ts'

export type RestMount = (context: EndpointContext) => Promise<Response>

const expired = new OAuthError('INVALID_SESSION_ID', 'Session expired or invalid')
const notForRest = new OAuthError('INVALID_SESSION_ID', 'This session is not valid for use with the REST API')

/** `/services/data` of one org, behind its sessions and faults. */
export function mountRest(world: World, org: Org): RestMount {
  const authenticate = async (request: Request): Promise<RestCaller | Response> => {
    const user = await restUser(world, org, request)
    if (user instanceof Response) return user
    return {
      user: {
        id: user.id,
        isAdmin: user.admin,
        mayEdit: user.canEditRecords,
        isInternal: user.userType === 'Standard',
        maySeeSetup: user.canViewSetup,
      },
      identityUrl: identityUrl(world, user),
    }
  }
  const api = new Hono({ strict: false }).route('/services/data', restApi({ authenticate, records: org.records }))
  return async (context) => {
    // The REST API moved away with the instance; sessions are not known at the old address.
    if (!world.hosts.isInstance(context.env.place)) return noted(context, restRefusal(expired))
    const response = await world.faults.run(['data'], {
      work: async () => api.fetch(context.req.raw),
      refuse: (error) => restRefusal(error),
    })
    return noted(context, response)
  }
}

async function noted(context: EndpointContext, response: Response): Promise<Response> {
  if (response.status >= 400) {
    const body = await response.clone().text()
    const code = /"errorCode":"(\w+)"/.exec(body)?.[1]
    if (code !== undefined) context.env.note.error = code
  }
  return response
}

/** Who calls the REST API, or the refusal to answer. */
export async function restUser(world: World, org: Org, request: Request): Promise<User | Response> {
  try {
    return await authenticated(world, org, request)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const refusal = restRefusal(error)
    return isProofFault(error) ? addChallenge(world, refusal, error) : refusal
  }
}

async function authenticated(world: World, org: Org, { headers, method, url }: Request): Promise<User> {
  const authorization = headers.get('authorization')
  if (authorization === null) throw expired
  const [, scheme = '', value] = /^(Bearer|OAuth|DPoP) +(\S+)$/i.exec(authorization) ?? []
  if (value === undefined) throw new OAuthError('INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE')
  const live = findLive(world, value)
  if (live?.token.kind !== 'access' || live.user.orgId !== org.id) throw expired
  const proof = headers.get('dpop') ?? undefined
  if (!(await isRightUse(world, live.token, { scheme, proof, method, url }))) throw expired
  const { scopes } = live.token.approval
  if (!scopes.includes('api') && !scopes.includes('full')) throw notForRest
  if (!org.apiEnabled) {
    throw new OAuthError('API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.')
  }
  slide(world, live.token)
  return live.user
}
