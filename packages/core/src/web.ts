export { recallAuth, rememberAuth } from './http/opened-auth.ts'
export { perEnvironment } from './http/per-environment.ts'
export { webExchange, webReply, withCookies } from './http/web.ts'
export type { WebExchange, WebExchangeOptions } from './http/web.ts'
