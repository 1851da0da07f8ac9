import { readForm } from '../http/form.ts'
import { formatted, jsonp } from '../http/response-format.ts'
import { isRecordId, to15 } from '../ids.ts'
import { apiVersions } from '../rest/versions.ts'
import { type User, userName } from '../state.ts'
import { type Bearer, bareText, findBearer } from '../tokens/bearer.ts'
import { apiUrls, customPermissions, modifiedAt, nickname, photos, utcOffset } from '../users/person.ts'
import { identitySpelling } from '../users/user-type.ts'
import { type EndpointContext, findApp, identityUrl, type World } from '../world.ts'

/** `/id/<org>/<user>`: who a token belongs to. Faults are a status and one bare word. */
export async function identity(world: World, context: EndpointContext): Promise<Response> {
  const form = await readForm(context)
  return world.faults.run(['identity'], {
    work: async () => answer(world, context, form),
    refuse: (error) => bareText(context, error.code),
  })
}

async function answer(world: World, context: EndpointContext, form: URLSearchParams): Promise<Response> {
  const bearer = await findBearer(world, context, form)
  if (bearer instanceof Response) return bearer
  const [orgId = '', userId = ''] = context.env.place.path.split('/').slice(2)
  if (!isRecordId(orgId, '00D') || !isRecordId(userId, '005')) return bareText(context, 'Bad_Id', 404)
  if (to15(orgId) !== to15(bearer.user.orgId)) return bareText(context, 'Wrong_Org')
  const subject = world.state.users.find((user) => to15(user.id) === to15(userId) && to15(user.orgId) === to15(orgId))
  if (!subject) return bareText(context, 'Bad_Id', 404)
  if (!maySee(bearer, subject)) return bareText(context, 'No_Access', 404)
  if (!subject.active) return bareText(context, 'Inactive', 404)
  const version = form.get('version')
  if (version !== null && !/^(?:latest|\d{1,3}(?:\.0)?)$/.test(version)) {
    return bareText(context, 'Invalid_Version', 406)
  }
  const members = describe(world, bearer, { subject, ...(version !== null && { version: wholeVersion(version) }) })
  const callback = form.get('callback')
  if (callback !== null) return jsonp(callback, members) ?? bareText(context, 'Invalid_Callback', 406)
  return formatted(context, members, { format: form.get('format'), root: 'user' })
}

/** Oneself with any identity scope; others of the org only for internal people with `api` or `full`. */
function maySee({ token, user }: Bearer, subject: User): boolean {
  const { scopes } = token.approval
  const has = (...wanted: string[]): boolean => wanted.some((scope) => scopes.includes(scope))
  if (subject.id === user.id) return has('id', 'openid', 'profile', 'api', 'full')
  return has('api', 'full') && user.userType === 'Standard'
}

function wholeVersion(version: string): string {
  if (version === 'latest') return apiVersions.at(-1)?.version ?? ''
  return version.endsWith('.0') ? version : `${version}.0`
}

interface Subject {
  subject: User
  version?: string
}

function describe(world: World, { token, user }: Bearer, { subject, version }: Subject): Record<string, unknown> {
  const app = findApp(world, token.approval.clientId)
  return {
    id: identityUrl(world, subject),
    asserted_user: subject.id === user.id,
    user_id: subject.id,
    organization_id: subject.orgId,
    username: subject.username,
    nick_name: nickname(subject),
    display_name: userName(subject),
    email: subject.email,
    email_verified: true,
    first_name: subject.firstName,
    last_name: subject.lastName,
    timezone: subject.timezone,
    photos: photos(world, subject),
    addr_street: null,
    addr_city: null,
    addr_state: null,
    addr_country: null,
    addr_zip: null,
    mobile_phone: null,
    mobile_phone_verified: false,
    is_lightning_login_user: false,
    status: { created_date: null, body: null },
    urls: apiUrls(world, subject, version),
    active: subject.active,
    user_type: identitySpelling(subject.userType),
    language: subject.language,
    locale: subject.locale,
    utcOffset: utcOffset(world, subject),
    last_modified_date: modifiedAt(subject),
    is_app_installed: app?.installed ?? false,
    ...(app && Object.keys(app.customAttributes).length > 0 && { custom_attributes: app.customAttributes }),
    ...customPermissions(world, subject, token.approval.scopes),
  }
}
