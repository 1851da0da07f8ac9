import { importPrivateKey } from '../crypto/private-key.ts'
import type { ConfigFault } from '../errors/errors.ts'
import { clientCredentials } from '../flows/client-credentials.ts'
import { jwtBearer } from '../flows/jwt-bearer.ts'
import type { JwtBearerGrant } from '../flows/jwt-bearer.ts'
import { keyGrantFaults, requireKeyGrant } from '../oauth/key-grant.ts'
import { ownHostFaults } from '../oauth/own-host.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import type { LoginHost } from '../org/hosts.ts'

/** Gets tokens for a service: one login with Salesforce. */
export interface ServiceGrant {
  (endpoint: TokenEndpoint): Promise<TokenSet>
  /** What is wrong with it as far as it shows before it is used; the login host is absent when its address is wrong. */
  faults?(login: LoginHost | undefined): readonly ConfigFault[]
}

/**
 * Logs in as one user with the app's private key. The key is imported once, at the first login: a key that only looks
 * right is a `ConfigError` then. What shows earlier is told by `createServiceConnection`.
 */
export function jwtBearerGrant(grant: JwtBearerGrant): ServiceGrant {
  let imported: ReturnType<typeof importPrivateKey> | undefined
  const logIn: ServiceGrant = async (endpoint) => {
    requireKeyGrant(grant)
    imported ??= importPrivateKey(grant.key)
    return jwtBearer(endpoint, { ...grant, key: await imported })
  }
  return Object.assign(logIn, { faults: () => keyGrantFaults(grant) })
}

/** Logs in as the app's Run As user with the app's secret. My Domain only. */
export function clientCredentialsGrant(): ServiceGrant {
  const logIn: ServiceGrant = (endpoint) => clientCredentials(endpoint)
  return Object.assign(logIn, {
    faults: (login: LoginHost | undefined) =>
      login === undefined ? [] : ownHostFaults(login, 'the client credentials flow'),
  })
}
