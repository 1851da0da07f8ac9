import { authorizeRefusal } from '../apps/policy-check.ts'
import { readRequest } from '../authorization/request.ts'
import { isFormTokenValid, sessionUser } from '../browser/sessions.ts'
import { readForm } from '../http/form.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { showStaleForm } from '../http/page-answer.ts'
import type { EndpointContext, World } from '../world.ts'
import { authorizePath, finish, sitePrefix, withTarget } from './authorize.ts'

/** The approval form's target: a code for "allow", `access_denied` for anything else. */
export async function approve(world: World, context: EndpointContext): Promise<Response> {
  const form = await readForm(context)
  if (!isFormTokenValid(world, context, form.get('token') ?? '')) return showStaleForm(context)
  const params = new URLSearchParams(form.get('request') ?? '')
  const user = sessionUser(world, context)
  if (!user) return context.redirect(`${sitePrefix(context)}${authorizePath}?${params.toString()}`)
  return withTarget(world, { context, params }, async (target) => {
    const { place, address } = context.env
    const request = readRequest(params, target, place)
    const refusal = authorizeRefusal(world, { app: target.app, user, address }, place)
    if (refusal) throw refusal
    if (form.get('decision') !== 'allow') throw new OAuthError('access_denied', 'end-user denied authorization')
    return finish(world, context, { request, user })
  })
}
