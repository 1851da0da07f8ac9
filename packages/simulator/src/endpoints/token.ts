import { likelyApp } from '../apps/likely-app.ts'
import type { FaultEndpoint } from '../control/faults.ts'
import { bindTokens, thumbprintFor } from '../dpop/binding.ts'
import { currentNonce } from '../dpop/proof.ts'
import { startDevice } from '../grants/device.ts'
import type { Grant } from '../grants/grant.ts'
import { grants } from '../grants/index.ts'
import { readForm } from '../http/form.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { formatted } from '../http/response-format.ts'
import type { TokenAnswer } from '../tokens/answer.ts'
import type { EndpointContext, World } from '../world.ts'

/** Every failure is a 400, whatever RFC 6749 says about 401. */
export async function token(world: World, context: EndpointContext): Promise<Response> {
  const form = await readForm(context)
  const grantType = form.get('grant_type')
  if (grantType !== null) context.env.note.grantType = grantType
  const refuse = (error: OAuthError): Response => {
    context.env.note.error = error.code
    const { code, description, uri } = error
    const members = { error: code, error_description: description, ...(uri !== undefined && { error_uri: uri }) }
    const response = formatted(context, members, { status: 400, format: form.get('format') })
    if (code === 'use_dpop_nonce') response.headers.set('dpop-nonce', currentNonce(world))
    return response
  }
  try {
    return await oneAtATime(world, form, async () =>
      world.faults.run(faultEndpoints(grantType), {
        work: async () => formatted(context, await grantTokens(world, context, form), { format: form.get('format') }),
        refuse,
      }),
    )
  } catch (error) {
    if (error instanceof OAuthError) return refuse(error)
    throw error
  }
}

async function grantTokens(world: World, context: EndpointContext, form: URLSearchParams): Promise<TokenAnswer> {
  const { place, address } = context.env
  const request = { place, address, form, authorization: context.req.header('authorization') }
  if (context.req.method !== 'POST') throw new OAuthError('invalid_request', 'must use HTTP POST')
  if (!form.has('grant_type') && form.has('response_type')) {
    if (form.get('response_type') === 'device_code') return startDevice(world, request)
    throw new OAuthError('unsupported_response_type', 'response type not supported')
  }
  const grant = findGrant(form)
  const app = likelyApp(world, request)
  const proof = context.req.header('dpop')
  const thumbprint = await thumbprintFor(world, { form, app, proof, url: context.req.url })
  const answer = await grant.handle(world, request)
  return thumbprint === undefined ? answer : bindTokens(world, answer, thumbprint)
}

function findGrant(form: URLSearchParams): Grant {
  const grant = grants.find((one) => one.grantType === form.get('grant_type') && (one.wants?.(form) ?? true))
  if (!grant) throw new OAuthError('unsupported_grant_type', 'grant type not supported')
  if (form.has('scope') && !grant.takesScope) throw new OAuthError('invalid_request', 'scope parameter not supported')
  const missing = grant.parameters.find((name) => !form.get(name))
  if (missing !== undefined) throw new OAuthError('invalid_request', `missing required parameter: ${missing}`)
  return grant
}

function faultEndpoints(grantType: string | null): FaultEndpoint[] {
  if (grantType === 'refresh_token' || grantType === 'authorization_code') return [`token:${grantType}`, 'token']
  return ['token']
}

/** Two requests that spend one refresh token at the same time: the second is refused. */
async function oneAtATime(world: World, form: URLSearchParams, work: () => Promise<Response>): Promise<Response> {
  const value = form.get('refresh_token')
  if (value === null) return work()
  const { inFlight } = world.state
  if (inFlight.has(value)) throw new OAuthError('invalid_grant', 'token request is already being processed')
  inFlight.add(value)
  try {
    return await work()
  } finally {
    inFlight.delete(value)
  }
}
