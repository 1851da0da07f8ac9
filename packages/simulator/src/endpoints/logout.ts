import { approvalsOf } from '../authorization/approvals.ts'
import { endSession, sessionUser } from '../browser/sessions.ts'
import { showPage } from '../http/page-answer.ts'
import { logoutPage, pageSecurityPolicy } from '../pages/index.ts'
import type { User } from '../state.ts'
import { type EndpointContext, findApp, type World } from '../world.ts'
import { sitePrefix } from './authorize.ts'

/**
 * Ends the browser's session, on org hosts and sites only. Apps with a single logout URL are told in the same
 * browser; tokens stay as they are, and no parameter says where to go next.
 */
export function logout(world: World, context: EndpointContext): Response | Promise<Response> {
  const { org } = context.env.place
  if (!org) return context.notFound()
  const user = sessionUser(world, context)
  endSession(world, context)
  const next = org.logoutUrl ?? `${sitePrefix(context)}/`
  const frames = user ? logoutUrls(world, user) : []
  if (frames.length === 0) return context.redirect(next)
  const response = showPage(context, logoutPage({ next, frames }))
  response.headers.set('refresh', `10; url=${next}`)
  const origins = frames.map((url) => new URL(url).origin)
  response.headers.set('content-security-policy', `${pageSecurityPolicy}; frame-src ${origins.join(' ')}`)
  return response
}

function logoutUrls(world: World, user: User): string[] {
  const urls = approvalsOf(world, user.id).map(({ clientId }) => findApp(world, clientId)?.singleLogoutUrl)
  return [...new Set(urls.filter((url) => typeof url === 'string'))]
}
