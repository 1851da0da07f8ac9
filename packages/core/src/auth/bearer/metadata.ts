import { RESOURCE_METADATA_PATH } from '../../config-checks.ts'
import type { Config } from '../../config.ts'

/** What the metadata document of a protected resource says. */
export interface ResourceMetadata {
  readonly resource: string
  readonly authorization_servers: readonly string[]
  readonly bearer_methods_supported: readonly ['header']
  readonly scopes_supported?: readonly string[]
}

/** @see https://www.rfc-editor.org/rfc/rfc9728#section-2 */
export function resourceMetadata({ baseUrl, basePath, bearer }: Config): ResourceMetadata {
  const { issuers = [], scopes } = bearer ?? {}
  return {
    resource: baseUrl.origin + basePath,
    authorization_servers: issuers,
    bearer_methods_supported: ['header'],
    ...(scopes && { scopes_supported: scopes }),
  }
}

/** Where the app says the document is: the well-known path stands before the resource's own, any other path after it. */
export function resourceMetadataUrl({
  baseUrl,
  basePath,
  routes: { resourceMetadata: path },
}: Config): string | undefined {
  if (path === false) return undefined
  return baseUrl.origin + (path === RESOURCE_METADATA_PATH ? path + basePath : basePath + path)
}
