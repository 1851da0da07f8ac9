import type { RequestAuth } from '../auth/request-auth.ts'
import { DEFAULT_NAME } from '../config-checks.ts'

/** The auth of what is being handled, by the name of an instance. */
export type FindAuth = (name?: string) => Promise<RequestAuth>

/** Opens each instance's auth when it is first asked for, and once: what guards judge is what the handler gets. */
export function openOnce(open: (name: string) => Promise<RequestAuth>): FindAuth {
  const known = new Map<string, Promise<RequestAuth>>()
  return (name = DEFAULT_NAME) => {
    const auth = known.get(name) ?? open(name)
    known.set(name, auth)
    return auth
  }
}

/** What names a handler: its class and method, for example, because several classes may inherit one method. */
type Handler = readonly unknown[]

interface Passed {
  readonly handler: Handler
  readonly find: FindAuth
}

// Messages of one client run side by side, each with what the guard of its own handler let pass.
const passed = new WeakMap<object, readonly Passed[]>()

/**
 * Keeps for a handler what its guard let pass. `client` is what its messages have in common: a WebSocket, a
 * subscription, a call. Keep nothing before: another message's handler could find what is not judged yet.
 */
export function keepPassed(client: object, handler: Handler, find: FindAuth): void {
  const others = passed.get(client)?.filter((one) => !isSame(one.handler, handler)) ?? []
  passed.set(client, [...others, { handler, find }])
}

/** What a guard let pass for a handler; `undefined` when none stood before it. */
export function recallPassed(client: object, handler: Handler): FindAuth | undefined {
  return passed.get(client)?.find((one) => isSame(one.handler, handler))?.find
}

function isSame(one: Handler, other: Handler): boolean {
  return one.length === other.length && one.every((part, i) => part === other[i])
}
