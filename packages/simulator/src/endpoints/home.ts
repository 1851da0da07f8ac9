import { showPage } from '../http/page-answer.ts'
import { homePage } from '../pages/index.ts'
import { userName } from '../state.ts'
import type { EndpointContext, World } from '../world.ts'

/** What a browser sees at `/`: where things are and whom to log in as. */
export function home({ state, hosts }: World, context: EndpointContext): Response {
  const page = homePage({
    orgs: state.orgs.map((org) => ({
      name: org.name,
      kind: org.kind,
      url: hosts.orgUrl(org.id),
      sites: org.sites.map((site) => ({ url: hosts.siteUrl(org.id, site) })),
    })),
    apps: state.apps,
    users: state.users.map((user) => ({ name: userName(user), username: user.username, password: user.password })),
  })
  return showPage(context, page)
}
