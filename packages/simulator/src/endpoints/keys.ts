import type { OAuthError } from '../http/oauth-error.ts'
import { json } from '../http/response-format.ts'
import type { EndpointContext, World } from '../world.ts'

/** Release keys everywhere; an org's own keys on its hosts only. */
export async function keys(world: World, context: EndpointContext): Promise<Response> {
  const { org } = context.env.place
  return world.faults.run(['keys'], {
    work: async () => {
      const all = await Promise.all([world.keys.release(), ...(org ? [world.keys.org(org)] : [])])
      return json(context, { keys: all.map(({ publicJwk }) => publicJwk) })
    },
    refuse: (error: OAuthError) => json(context, { error: error.code, error_description: error.description }, 500),
  })
}
