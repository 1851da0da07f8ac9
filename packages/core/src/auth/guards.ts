import type { Reply } from '../http/exchange.ts'
import type { RequestAuth } from './request-auth.ts'

/** Decides on one request: `undefined` lets it pass, a reply is what to answer instead. */
export type Guard = (auth: RequestAuth) => Promise<Reply | undefined>

/** Lets a request pass when somebody is logged in; otherwise redirects a person to the login and answers 401 to the rest. */
export function requiresAuth(): Guard {
  return async (auth) => ((await auth.session()) === undefined ? auth.challenge() : undefined)
}

/** Lets a request pass that a page of this app sent: for every route of the app that changes something. */
export function requiresSameOrigin(): Guard {
  return async (auth) => {
    auth.requireSameOrigin()
    return undefined
  }
}
