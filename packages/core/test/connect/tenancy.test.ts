import { createGate } from '@orgpass/testing'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import type { SalesforceAuthOptions } from '../../src/index.ts'
import { createTenancy } from '../../src/node.ts'

const SECRET = 'a session secret of the tests, long enough: 0123456789'
const options = (tenant: string): SalesforceAuthOptions => ({
  clientId: tenant,
  clientSecret: 'secret',
  loginUrl: `https://${tenant}.my.salesforce.com`,
  baseUrl: 'https://app.example',
  session: { secret: SECRET },
})

describe('a tenancy', () => {
  it('makes one instance for each tenant, however many ask at once', async () => {
    const asked: string[] = []
    const tenancy = createTenancy(async (tenant) => {
      asked.push(tenant)
      return options(tenant)
    })
    const [a, again, b] = await Promise.all([tenancy.get('acme'), tenancy.get('acme'), tenancy.get('globex')])
    expect([a === again, a === b, await tenancy.get('acme')]).toEqual([true, false, a])
    expect(asked).toEqual(['acme', 'globex'])
    tenancy.forget('acme')
    expect(await tenancy.get('acme')).not.toBe(a)
  })

  it('serves nothing that was on its way when it was told to forget', async () => {
    const [asked, told] = [createGate(), createGate()]
    let isThere = true
    const tenancy = createTenancy(async (tenant) => {
      const found = isThere ? options(tenant) : undefined
      asked.open()
      await told.opened
      return found
    })
    const early = tenancy.get('acme')
    await asked.opened
    isThere = false
    tenancy.forget('acme')
    const late = tenancy.get('acme')
    told.open()
    await expect(early).resolves.toBeDefined()
    await expect(late).rejects.toMatchObject({ code: 'request/unknown-tenant' })
    await expect(tenancy.get('acme')).rejects.toMatchObject({ code: 'request/unknown-tenant' })
  })

  it('knows no strangers, and asks again after a failure', async () => {
    let fails = true
    const tenancy = createTenancy((tenant) => {
      if (tenant === 'flaky' && fails) throw new Error('The database is away')
      return tenant === 'nobody' ? undefined : options(tenant)
    })
    await expect(tenancy.get('nobody')).rejects.toMatchObject({ code: 'request/unknown-tenant', status: 404 })
    await expect(tenancy.get('flaky')).rejects.toThrow('The database is away')
    fails = false
    await expect(tenancy.get('flaky')).resolves.toBeDefined()
  })

  it('keeps a bounded number, and asks again after the time it is told', async () => {
    const asked: string[] = []
    const note = (tenant: string): SalesforceAuthOptions => {
      asked.push(tenant)
      return options(tenant)
    }
    const bounded = createTenancy(note, { maxTenants: 2 })
    for (const tenant of ['a', 'b', 'a', 'c', 'a', 'b']) await bounded.get(tenant)
    expect(asked).toEqual(['a', 'b', 'c', 'b'])
    const short = createTenancy(note, { ttl: 50 })
    await short.get('d')
    await new Promise((resolve) => setTimeout(resolve, 80))
    await short.get('d')
    expect(asked.filter((tenant) => tenant === 'd')).toHaveLength(2)
    expect(() => createTenancy(note, { maxTenants: 0 })).toThrow(expect.objectContaining({ code: 'config/invalid' }))
    expect(() => createTenancy(note, { ttl: 0 })).toThrow(expect.objectContaining({ code: 'config/invalid' }))
  })

  it('opens nothing of one tenant for another, though they share secret, name, store and browser', async () => {
    const store = memoryStore()
    const tenancy = createTenancy((tenant) => ({ ...options(tenant), connect: { store } }))
    const [acme, globex] = [await tenancy.get('acme'), await tenancy.get('globex')]
    const cookies = new Map<string, string>()
    const exchange = (target: string) => ({
      method: 'GET',
      target,
      header: (name: string) => (name === 'cookie' ? [...cookies.values()].join('; ') : undefined),
      form: async () => new URLSearchParams(),
      setCookie: (name: string, line: string) => void cookies.set(name, line.slice(0, line.indexOf(';'))),
      committed: false,
    })
    const { location = '' } = await acme.open(exchange('/')).auth.login()
    const state = new URL(location).searchParams.get('state')
    const callback = `/auth/callback?code=x&state=${state}`
    await expect(globex.open(exchange(callback)).handle()).rejects.toMatchObject({
      code: 'callback/transaction-missing',
    })
  })
})
