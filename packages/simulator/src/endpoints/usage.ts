import { type Approval, endApproval, endApprovals } from '../authorization/approvals.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { json } from '../http/response-format.ts'
import { to15 } from '../ids.ts'
import { restUser } from '../rest/mount.ts'
import { salesforceTime } from '../rest/record-store.ts'
import { restRefusal } from '../rest/refusal.ts'
import { findVersion } from '../rest/versions.ts'
import type { App, Org } from '../state.ts'
import { type EndpointContext, findApp, type World } from '../world.ts'

const notFound = new OAuthError('NOT_FOUND', 'The requested resource does not exist')
const notAdmin = new OAuthError('INSUFFICIENT_ACCESS', 'insufficient access rights on object id')
const pageLimit = 100

/** "Connected Apps OAuth Usage" over REST, for administrators: which apps hold tokens of whom, and their end. */
export async function usage(world: World, context: EndpointContext): Promise<Response> {
  const { place, note } = context.env
  const refuse = (error: OAuthError): Response => {
    note.error = error.code
    return restRefusal(error)
  }
  const { org } = place
  if (!org) return context.notFound()
  return world.faults.run(['data'], {
    refuse,
    work: async () => {
      if (!world.hosts.isInstance(place))
        return refuse(new OAuthError('INVALID_SESSION_ID', 'Session expired or invalid'))
      const user = await restUser(world, org, context.req.raw)
      if (user instanceof Response) return user
      if (!user.admin) return refuse(notAdmin)
      return answer(world, context, org) ?? refuse(notFound)
    },
  })
}

function answer(world: World, context: EndpointContext, org: Org): Response | undefined {
  const [, , , version = '', , , , ...path] = context.env.place.path.split('/').map(decodeURIComponent)
  if (!findVersion(version)) return undefined
  const base = `/services/data/${version}/apps/oauth/usage`
  const rows = world.state.approvals.filter((one) => one.orgId === org.id && findApp(world, one.clientId))
  const inventory = { world, base, rows }
  if (context.req.method === 'DELETE') return remove(inventory, path)
  const pages = { page: context.req.query('page'), pageSize: context.req.query('pageSize') }
  const list = read(inventory, path)
  return list && json(context, { [list.name]: slice(list.entries, pages) })
}

interface Inventory {
  world: World
  base: string
  rows: readonly Approval[]
}

function read(
  { world, base, rows }: Inventory,
  [app, what, ...rest]: readonly string[],
): { name: string; entries: readonly object[] } | undefined {
  const ofApp = rows.filter(({ clientId }) => clientId === app)
  if (app === undefined || app === '') {
    const apps = [...new Set(rows.map(({ clientId }) => clientId))].flatMap((id) => findApp(world, id) ?? [])
    return { name: 'apps', entries: apps.map((one) => appEntry(one, base)) }
  }
  if (ofApp.length === 0) return undefined
  if (what === 'users' && rest.length === 0) {
    const users = [...new Map(ofApp.map((row) => [row.userId, row])).values()]
    return { name: 'users', entries: users.map((row) => userEntry(row, { base, rows: ofApp })) }
  }
  if (what === undefined || rest.length !== 1 || rest[0] !== 'tokens') return undefined
  const tokens = ofApp.filter((row) => isOf(row, what))
  return { name: 'tokens', entries: tokens.map((row) => tokenEntry(row, { base, app: findApp(world, row.clientId) })) }
}

function remove({ world, rows }: Inventory, [app, who, what, ...rest]: readonly string[]): Response | undefined {
  const gone = new Response(null, { status: 204 })
  if (app === 'tokens' && what === undefined) {
    const row = rows.find(({ id }) => id === who)
    if (!row) return undefined
    endApproval(world, row.id)
    return gone
  }
  const isOfApp = who === 'tokens' && what === undefined
  const isOfUser = what === 'tokens' && rest.length === 0
  const isMeant = (row: Approval): boolean => row.clientId === app && (isOfApp || isOf(row, who))
  if (!(isOfApp || isOfUser) || !rows.some(isMeant)) return undefined
  endApprovals(world, (row) => rows.includes(row) && isMeant(row))
  return gone
}

function isOf({ userId, username }: Approval, who: string | undefined): boolean {
  return who !== undefined && (to15(userId) === to15(who) || username === who)
}

function slice<T>(
  entries: readonly T[],
  { page, pageSize }: Record<'page' | 'pageSize', string | undefined>,
): readonly T[] {
  const size = Math.min(Math.max(Math.trunc(Number(pageSize ?? pageLimit)) || pageLimit, 1), pageLimit)
  // The first page is 0.
  const first = Math.max(Math.trunc(Number(page ?? 0)) || 0, 0)
  return entries.slice(first * size, (first + 1) * size)
}

function format(app: App | undefined): 'jwt' | 'opaque' {
  return app?.jwtAccessTokens ? 'jwt' : 'opaque'
}

function appEntry(app: App, base: string): object {
  return {
    identifier: app.clientId,
    developerName: app.label.replaceAll(/\W+/g, '_'),
    accessTokenFormat: format(app),
    availableActions: [app.blocked ? 'unblock' : 'block', ...(app.installed ? ['uninstall'] : ['install'])],
    isFromPackage: app.distribution === 'packaged',
    usageDetailsUrl: `${base}/${encodeURIComponent(app.clientId)}/users`,
  }
}

function userEntry(row: Approval, { base, rows }: { base: string; rows: readonly Approval[] }): object {
  return {
    userId: row.userId,
    username: row.username,
    tokenCount: rows.filter(({ userId }) => userId === row.userId).length,
    tokensUrl: `${base}/${encodeURIComponent(row.clientId)}/${row.userId}/tokens`,
  }
}

function tokenEntry(row: Approval, { base, app }: { base: string; app: App | undefined }): object {
  return {
    appIdentifier: row.clientId,
    username: row.username,
    useCount: row.useCount,
    initialConnectionAt: salesforceTime(row.approvedAt),
    lastUsedAt: salesforceTime(row.lastUsedAt),
    accessTokenFormat: format(app),
    revocationUrl: `${base}/tokens/${row.id}`,
  }
}
