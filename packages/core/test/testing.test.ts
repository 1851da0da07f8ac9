import type { Exchange } from '@orgpass/core'
import { requiresProfile, requiresScope } from '@orgpass/core'
import { loggedInAs } from '@orgpass/core/testing'
import { expect, it } from 'vitest'

const request: Exchange = {
  method: 'GET',
  target: '/page',
  header: () => undefined,
  form: async () => new URLSearchParams(),
  setCookie: () => undefined,
  committed: false,
}

it('every request is that of the user, and guards judge it as any other', async () => {
  const login = { orgId: '00D000000000062EAA', userId: '005000000000009AAA', scope: ['api'] }
  const { auth } = (await loggedInAs(login)).open(request)
  expect(await auth.session()).toMatchObject(login)
  expect(await requiresScope('api')(auth)).toBeUndefined()
  expect(await requiresScope('web')(auth)).toMatchObject({ status: 403 })
})

it('the test answers in the place of Salesforce, or says that it does not', async () => {
  const answers: Response[] = [Response.json({ records: [{ Profile: { Name: 'Sales User' } }], done: true })]
  const fetch = async (): Promise<Response> => answers.shift() ?? Response.json([])
  const known = (await loggedInAs({ fetch })).open(request)
  expect(await requiresProfile('Sales User')(known.auth)).toBeUndefined()
  const unknown = (await loggedInAs()).open(request)
  await expect(requiresProfile('Sales User')(unknown.auth)).rejects.toThrow(/did not tell the profile/)
})

it('a logout ends it', async () => {
  const salesforce = await loggedInAs({ options: { name: 'partner' } })
  expect(salesforce.name).toBe('partner')
  await salesforce.open(request).auth.logout()
  expect(await salesforce.open(request).auth.session()).toBeUndefined()
})
