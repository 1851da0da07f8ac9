import type { Caller } from './caller.ts'

const passed = new WeakSet<object>()

/** Notes whom a guard lets pass: from there on nobody may take the place of a session. */
export function letPass(auth: object, caller: Caller): undefined {
  if (caller.kind === 'session') passed.add(auth)
}

/** Whether a guard has let the session of a request pass. */
export function hasSessionPassed(auth: object): boolean {
  return passed.has(auth)
}

/** For an alternative of which another part did not let pass: the session has not passed then. */
export function takeBack(auth: object): void {
  passed.delete(auth)
}
