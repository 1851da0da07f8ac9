import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  clientCredentialsGrant,
  clientSecretPost,
  ConfigError,
  createServiceConnection,
  jwtBearerGrant,
} from '../../src/index.ts'
import { LIMITS, startServices } from './service.ts'
import type { Services } from './service.ts'

let services: Services

beforeAll(async () => {
  services = await startServices()
})
afterAll(() => services[Symbol.asyncDispose]())

it('a key that cannot sign fails every call alike, without a time to try again', async () => {
  let asked = 0
  // It looks right: what is inside shows when it is imported.
  const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----'
  const grant = jwtBearerGrant({ key, username: 'ada@acme.example' })
  const connection = createServiceConnection({
    loginUrl: services.sim.org().url,
    clientId: services.sim.app().clientId,
    grant: (endpoint) => {
      asked += 1
      return grant(endpoint)
    },
  })
  for (const calls of [1, 2, 3]) {
    const error: unknown = await connection.fetch(LIMITS).catch((failure: unknown) => failure)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({ faults: [{ option: 'key', problem: 'cannot be read' }] })
    expect((error as ConfigError).retryAt).toBeUndefined()
    expect(asked).toBe(calls)
  }
  expect(services.logins()).toBe(0)
})

it('a mistake that is corrected while a service runs is forgotten at once', async () => {
  const { clientId, clientSecret } = services.sim.app()
  const grant = clientCredentialsGrant()
  let isRight = false
  const connection = createServiceConnection({
    loginUrl: services.sim.org().url,
    clientId,
    clientAuthentication: clientSecretPost(clientSecret),
    async grant(endpoint) {
      if (!isRight) throw new ConfigError([{ option: 'secret', problem: 'is missing', hint: 'Mount it.' }])
      return grant(endpoint)
    },
  })
  await expect(connection.fetch(LIMITS)).rejects.toBeInstanceOf(ConfigError)
  isRight = true
  expect((await connection.fetch(LIMITS)).status).toBe(200)
})
