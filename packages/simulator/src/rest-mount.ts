import { Hono } from 'hono'
import { OAuthError } from './oauth-error.ts'
import type { RestCaller } from './rest/caller.ts'
import { restApi } from './rest/rest-api.ts'
import { restRefusal } from './rest-refusal.ts'
import type { Org, User } from './state.ts'
import { findLive, slide } from './tokens.ts'
import { type EndpointContext, identityUrl, type World } from './world.ts'

export type RestMount = (context: EndpointContext) => Promise<Response>

const expired = new OAuthError('INVALID_SESSION_ID', 'Session expired or invalid')
const notForRest = new OAuthError('INVALID_SESSION_ID', 'This session is not valid for use with the REST API')

/** `/services/data` of one org, behind its sessions and faults. */
export function mountRest(world: World, org: Org): RestMount {
  const authenticate = (request: Request): RestCaller | Response => {
    const user = restUser(world, org, request.headers.get('authorization'))
    if (user instanceof OAuthError) return restRefusal(user)
    return {
      user: { id: user.id, isAdmin: user.admin, mayEdit: user.canEditRecords },
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

function restUser(world: World, org: Org, authorization: string | null): User | OAuthError {
  if (authorization === null) return expired
  const [, value] = /^(?:Bearer|OAuth) +(\S+)$/i.exec(authorization) ?? []
  if (value === undefined) return new OAuthError('INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE')
  const live = findLive(world, value)
  if (live?.token.kind !== 'access' || live.user.orgId !== org.id) return expired
  const { scopes } = live.token.approval
  if (!scopes.includes('api') && !scopes.includes('full')) return notForRest
  if (!org.apiEnabled) {
    return new OAuthError('API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.')
  }
  slide(world, live.token)
  return live.user
}
