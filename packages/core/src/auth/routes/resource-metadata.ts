import type { Config } from '../../config.ts'
import type { Exchange, Reply } from '../../http/exchange.ts'
import { resourceMetadata } from '../bearer/metadata.ts'

/** `GET /.well-known/oauth-protected-resource`: tells anybody, scripts of other origins included, whose tokens this app takes. */
export function resourceMetadataRoute(config: Config, { method }: Exchange): Reply {
  const headers = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=3600' }
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { ...headers, allow: 'GET, HEAD' } }
  return {
    status: 200,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(method === 'GET' && { body: JSON.stringify(resourceMetadata(config)) }),
  }
}
