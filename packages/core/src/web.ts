export { webExchange, webReply, withCookies } from './http/web.ts'
export type { WebExchange } from './http/web.ts'
