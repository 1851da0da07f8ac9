import type { Reply } from '../http/exchange.ts'

/** The answer of an auth route to another method than its own. */
export function methodNotAllowed(allow: 'GET' | 'POST'): Reply {
  const body =
    allow === 'POST'
      ? 'This address takes a form posted by a page of this app.'
      : 'This address is for opening in a browser.'
  return { status: 405, headers: { allow, 'content-type': 'text/plain; charset=utf-8' }, body: `${body}\n` }
}
