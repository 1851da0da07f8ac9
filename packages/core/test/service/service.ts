import { generateKeyPairSync } from 'node:crypto'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { clientCredentialsGrant, clientSecretPost, createServiceConnection, jwtBearerGrant } from '../../src/index.ts'
import type { Connection, ServiceConnectionOptions } from '../../src/index.ts'

export const LIMITS = '/services/data/v64.0/limits'
const KEYED = '3MVG9keyed_app.with_a_certificate'
const { privateKey: key, publicKey: certificate } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

/** A simulator that lets services in, on a clock that only the test moves. */
export interface Services extends AsyncDisposable {
  readonly sim: Simulator
  /** A connection by JWT bearer. */
  byKey(options?: Partial<ServiceConnectionOptions>): Connection
  /** A connection by client credentials. */
  bySecret(options?: Partial<ServiceConnectionOptions>): Connection
  /** How many requests reached the token endpoint. */
  logins(): number
}

export async function startServices(): Promise<Services> {
  const callbackUrls = ['http://localhost:3000/auth/callback']
  const preApproved = { permittedUsers: 'adminApproved', permissionSets: ['Integrations'] } as const
  const at = Date.now()
  const sim = await startSimulator({
    now: () => at,
    seed: { apps: [{ label: 'Keyed', org: 'Acme', clientId: KEYED, certificate, callbackUrls, ...preApproved }] },
  })
  const where = { loginUrl: sim.org().url, now: () => sim.clock.now() }
  const { clientId, clientSecret } = sim.app()
  return {
    sim,
    byKey(options = {}) {
      const grant = jwtBearerGrant({ key, username: 'ada@acme.example' })
      return createServiceConnection({ ...where, clientId: KEYED, grant, ...options })
    },
    bySecret(options = {}) {
      const clientAuthentication = clientSecretPost(clientSecret)
      return createServiceConnection({
        ...where,
        clientId,
        clientAuthentication,
        grant: clientCredentialsGrant(),
        ...options,
      })
    },
    logins: () => sim.requests.filter(({ path }) => path.endsWith('/services/oauth2/token')).length,
    [Symbol.asyncDispose]: () => sim.close(),
  }
}

/** As many at once as asked for. */
export function atOnce<T>(count: number, act: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, act))
}
