import { expect, it } from 'vitest'
import { ConfigError } from '../../src/errors/errors.ts'
import { createSalesforceAuth, createTenancy, NO_INSTANCE, readSource, requestSource } from '../../src/node.ts'

const OPTIONS = {
  clientId: 'id',
  clientSecret: 'secret',
  loginUrl: 'https://acme.my.salesforce.com',
  baseUrl: 'https://app.example',
  session: { secret: 'a session secret of the tests, long enough: 0123456789' },
}

const tenancy = createTenancy(() => OPTIONS)

it('a message is opened for the instance there is, and for none of several tenants', () => {
  const one = requestSource(createSalesforceAuth(OPTIONS, {}))
  expect(one.openMessage('Bearer x')).toBeDefined()
  const tenants = requestSource({ tenancy, tenant: () => 'acme' })
  expect(() => tenants.openMessage('Bearer x')).toThrow(ConfigError)
})

it('what stands for an instance lets containers look at it, and nobody use it', async () => {
  expect(await Promise.resolve(NO_INSTANCE)).toBe(NO_INSTANCE)
  expect(Reflect.get(NO_INSTANCE, 'onModuleInit')).toBeUndefined()
  for (const member of ['open', 'connections', 'baseUrl', 'name'] as const) {
    expect(() => NO_INSTANCE[member]).toThrow(expect.objectContaining({ code: 'config/invalid' }))
  }
})

it.each<[what: string, given: { source?: object; binding?: object }, fault: string]>([
  ['an owner that is no function', { binding: { owner: 'u1' } }, 'owner: is no function'],
  ['a misspelt binding', { binding: { own: () => 'u1' } }, 'own: is not an option'],
  ['tenants without a way to tell them', { source: { tenancy } }, 'tenant: is no function'],
  ['a tenancy alone', { source: tenancy }, 'tenancy: stands alone'],
])('%s is found when the middleware is made', (_, { source = {}, binding }, fault) => {
  const make = (): unknown =>
    requestSource(
      readSource<object, object>(source, () => createSalesforceAuth(OPTIONS, {})),
      binding,
    )
  expect(make).toThrow(fault)
})

it('a tenancy is made by a function', () => {
  expect(() => createTenancy({} as never)).toThrow('createTenancy: was given no function')
})
