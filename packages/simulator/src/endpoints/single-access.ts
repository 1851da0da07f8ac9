import { addFrontdoor, openFrontdoor } from '../browser/frontdoors.ts'
import { startSession } from '../browser/sessions.ts'
import { readForm } from '../http/form.ts'
import { answerAsJson } from '../http/json-refusal.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { showError } from '../http/page-answer.ts'
import { json } from '../http/response-format.ts'
import type { User } from '../state.ts'
import { findBearer } from '../tokens/bearer.ts'
import { findLive, type TokenRecord } from '../tokens/tokens.ts'
import { type EndpointContext, orgOf, serves, type World } from '../world.ts'

const frontdoorPath = '/secur/frontdoor.jsp'

/** An address that opens a page in a browser, once and for a minute, as the bearer of the token. */
export async function singleAccess(world: World, context: EndpointContext): Promise<Response> {
  const form = await readForm(context)
  return answerAsJson(world, context, {
    fault: 'singleaccess',
    work: async () => {
      if (!context.env.place.org) throw new OAuthError('invalid_request', 'request not supported on this domain')
      const bearer = await findBearer(world, context, form)
      if (bearer instanceof Response) return bearer
      const fault = sessionFault(bearer.token)
      if (fault) throw fault
      const target = readTarget(context, form.get('redirect_uri'))
      if (target === undefined) throw new OAuthError('invalid_request', 'redirect_uri is not in this org')
      const url = new URL(context.env.place.base + frontdoorPath)
      url.searchParams.set('otp', addFrontdoor(world, bearer.user, target))
      return json(context, { frontdoor_uri: url.href })
    },
  })
}

/** Starts a session by a one-time address or, as older clients do, by an access token in `sid`. */
export async function frontdoor(world: World, context: EndpointContext): Promise<Response> {
  const form = await readForm(context)
  const opened = openFrontdoor(world, form.get('otp') ?? '') ?? openBySid(world, context, form)
  const { org } = context.env.place
  if (!opened || !org || !serves(context.env.place, orgOf(world, opened.user))) {
    return showError(context, {
      status: 403,
      title: 'This link has expired',
      message: 'It opens a page once and within a minute, or needs a live access token with the scope web.',
    })
  }
  startSession(world, context, opened.user)
  context.header('cache-control', 'no-store')
  return context.redirect(opened.path)
}

function openBySid(
  world: World,
  context: EndpointContext,
  form: URLSearchParams,
): { user: User; path: string } | undefined {
  const live = findLive(world, form.get('sid') ?? '')
  const path = readTarget(context, form.get('retURL') ?? form.get('startURL'))
  if (live?.token.kind !== 'access' || sessionFault(live.token) || path === undefined) return undefined
  return { user: live.user, path }
}

/** Why a token is no key to web pages. */
function sessionFault({ value, approval: { scopes }, dpopThumbprint }: TokenRecord): OAuthError | undefined {
  if (!scopes.includes('web') && !scopes.includes('full'))
    return new OAuthError('invalid_scope', 'scope web is missing')
  // JWTs are no session ids, and a page cannot prove a key.
  const isSession = value.includes('!') && dpopThumbprint === undefined
  return isSession ? undefined : new OAuthError('invalid_request', 'the access token is not valid for web sessions')
}

/** A path, or an address on the same host: never a way out. */
function readTarget({ env: { place } }: EndpointContext, given: string | null): string | undefined {
  const base = `${place.base}/`
  if (!URL.canParse(given ?? '', base)) return undefined
  const url = new URL(given || base, base)
  return url.origin === place.origin ? url.href : undefined
}
