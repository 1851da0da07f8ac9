import { createHmac, timingSafeEqual } from 'node:crypto'
import { getCookie, setCookie } from 'hono/cookie'
import type { Place } from '../http/hosts.ts'
import { newSecretId } from '../ids.ts'
import type { User } from '../state.ts'
import { type EndpointContext, findUser, orgOf, serves, type World } from '../world.ts'

/** A login in a browser: a cookie for one host, or one site of it. */
export interface BrowserSession {
  readonly userId: string
  expiresAt: number
}

const monthInSeconds = 30 * 86_400
const rememberedLimit = 5

/** Cookies ignore ports, and several simulators may share 127.0.0.1 with an app: the port is part of the name. */
function cookieName(place: Place, what: string): string {
  const { port, protocol } = new URL(place.origin)
  const suffix = place.site ? `_${place.site.path}` : ''
  return `simulator_${what}_${port || (protocol === 'https:' ? '443' : '80')}${suffix}`
}

function writeCookie(context: EndpointContext, what: string, cookie: { value: string; maxAge?: number }): void {
  const { place } = context.env
  setCookie(context, cookieName(place, what), cookie.value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: place.origin.startsWith('https:'),
    ...(cookie.maxAge !== undefined && { maxAge: cookie.maxAge }),
  })
}

function sessionId(context: EndpointContext): string {
  return getCookie(context, cookieName(context.env.place, 'sid')) ?? ''
}

/** Who is logged in in this browser at this place. */
export function sessionUser(world: World, context: EndpointContext): User | undefined {
  const { place } = context.env
  const session = world.state.sessions.get(sessionId(context))
  const user = session && findUser(world, session.userId)
  const now = world.clock.now()
  if (!session || !user?.active || session.expiresAt <= now || !serves(place, orgOf(world, user))) return undefined
  session.expiresAt = now + orgOf(world, user).sessionTimeout
  return user
}

export function startSession(world: World, context: EndpointContext, user: User): void {
  world.state.sessions.delete(sessionId(context))
  const id = newSecretId()
  world.state.sessions.set(id, {
    userId: user.id,
    expiresAt: world.clock.now() + orgOf(world, user).sessionTimeout,
  })
  writeCookie(context, 'sid', { value: id })
  const others = rememberedUsers(context).filter((username) => username !== user.username)
  const names = [user.username, ...others].slice(0, rememberedLimit)
  writeCookie(context, 'users', { value: names.join('|'), maxAge: monthInSeconds })
}

export function endSession(world: World, context: EndpointContext): void {
  world.state.sessions.delete(sessionId(context))
  writeCookie(context, 'sid', { value: '', maxAge: 0 })
}

export function rememberedUsers(context: EndpointContext): string[] {
  return (getCookie(context, cookieName(context.env.place, 'users')) ?? '').split('|').filter(Boolean)
}

function signature(world: World, browser: string): string {
  return createHmac('sha256', world.state.formSecret).update(browser).digest('base64url')
}

/** A value for a form that only a page shown in this browser knows. */
export function formToken(world: World, context: EndpointContext): string {
  const name = cookieName(context.env.place, 'browser')
  const browser = getCookie(context, name) ?? newSecretId()
  writeCookie(context, 'browser', { value: browser })
  return signature(world, browser)
}

export function isFormTokenValid(world: World, context: EndpointContext, token: string): boolean {
  const browser = getCookie(context, cookieName(context.env.place, 'browser'))
  if (browser === undefined) return false
  const expected = Buffer.from(signature(world, browser))
  const given = Buffer.from(token)
  return expected.length === given.length && timingSafeEqual(expected, given)
}
