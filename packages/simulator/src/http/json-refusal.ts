import type { FaultEndpoint } from '../control/faults.ts'
import type { EndpointContext, World } from '../world.ts'
import { OAuthError } from './oauth-error.ts'
import { json } from './response-format.ts'

export function refuseAsJson(context: EndpointContext, error: OAuthError, status = 400): Response {
  context.env.note.error = error.code
  const { code, description } = error
  return json(context, { error: code, ...(description && { error_description: description }) }, status)
}

/** Runs the work of an endpoint, behind its faults, and prints a refusal as JSON. */
export async function answerAsJson(
  world: World,
  context: EndpointContext,
  { fault, work }: { fault: FaultEndpoint; work: () => Promise<Response> },
): Promise<Response> {
  const refuse = (error: OAuthError): Response => refuseAsJson(context, error)
  try {
    return await world.faults.run([fault], { work, refuse })
  } catch (error) {
    if (error instanceof OAuthError) return refuse(error)
    throw error
  }
}
