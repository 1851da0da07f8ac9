import { expect, it } from 'vitest'
import { ConfigError } from '../../src/errors/errors.ts'
import { createSalesforceAuth, createTenancy, NO_INSTANCE, requestSource } from '../../src/node.ts'

const OPTIONS = {
  clientId: 'id',
  clientSecret: 'secret',
  loginUrl: 'https://acme.my.salesforce.com',
  baseUrl: 'https://app.example',
  session: { secret: 'a session secret of the tests, long enough: 0123456789' },
}

it('a message is opened for the instance there is, and for none of several tenants', () => {
  const one = requestSource(createSalesforceAuth(OPTIONS, {}))
  expect(one.openMessage('Bearer x')).toBeDefined()
  const tenants = requestSource({ tenancy: createTenancy(() => OPTIONS), tenant: () => 'acme' })
  expect(() => tenants.openMessage('Bearer x')).toThrow(ConfigError)
})

it('what stands for an instance lets containers look at it, and nobody use it', async () => {
  expect(await Promise.resolve(NO_INSTANCE)).toBe(NO_INSTANCE)
  expect(Reflect.get(NO_INSTANCE, 'onModuleInit')).toBeUndefined()
  for (const member of ['open', 'connections', 'baseUrl', 'name'] as const) {
    expect(() => NO_INSTANCE[member]).toThrow(expect.objectContaining({ code: 'config/invalid' }))
  }
})
