import type { Reply } from './exchange.ts'

/** All headers of a {@link Reply}, `location` among them. */
export function replyHeaders({ headers, location }: Reply): Record<string, string> {
  return { ...headers, ...(location !== undefined && { location }) }
}

/** The body of a {@link Reply} for those who answer with data in place of text: what its JSON says, or else the text. */
export function replyData({ headers, body = '' }: Reply): object | string {
  const isJson = headers?.['content-type']?.startsWith('application/json') === true
  return isJson ? (JSON.parse(body) as object) : body
}
