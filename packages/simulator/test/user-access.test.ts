import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { type Answer, logIn, type StoryOptions } from './login-story.ts'

const reps = 'hank@globex.example'

let sim: Simulator
beforeEach(() => {
  sim = createSimulator({
    seed: {
      orgs: [
        {
          name: 'Globex',
          kind: 'sandbox',
          sites: [{ name: 'Customers', path: 'customers' }],
          users: [
            {
              username: reps,
              profile: 'Sales Rep',
              permissionSets: ['Discounts', 'Reports'],
              permissionSetGroups: ['Closers'],
              customPermissions: ['Export_Data', 'Approve_Discounts'],
            },
            { username: 'boss@globex.example', admin: true },
            { username: 'eve@client.example', site: 'customers', profile: 'Customer' },
            { username: 'pat@partner.example', site: 'customers', userType: 'PowerPartner' },
          ],
        },
      ],
      apps: [
        {
          label: 'Portal',
          org: 'Globex',
          callbackUrls: ['http://localhost:3000/auth/callback'],
          scopes: ['openid', 'id', 'api', 'refresh_token', 'custom_permissions', 'full'],
        },
      ],
    },
  })
})

async function logInTo(username: string, options: StoryOptions = {}): Promise<Answer> {
  const site = username.startsWith('eve') || username.startsWith('pat') ? '/customers' : ''
  const { clientId } = sim.app('Portal')
  return logIn(sim, { base: sim.org('Globex').url + site, clientId, username, ...options })
}

async function get(url: string, { access_token: token }: Answer): Promise<unknown> {
  const response = await sim.fetch(new Request(url, { headers: { authorization: `Bearer ${token}` } }))
  return response.json()
}

async function query(soql: string, tokens: Answer): Promise<unknown> {
  return get(`${sim.org('Globex').instanceUrl}/services/data/v64.0/query?q=${encodeURIComponent(soql)}`, tokens)
}

const idOf = (tokens: Answer): string => tokens['id']?.split('/').at(-1) ?? ''

const profileQuery = (tokens: Answer): string => `SELECT Profile.Name, UserType FROM User WHERE Id = '${idOf(tokens)}'`
const assignmentQuery = (tokens: Answer): string =>
  `SELECT PermissionSet.Name, PermissionSet.IsOwnedByProfile, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE AssigneeId = '${idOf(tokens)}' AND IsActive = true`

describe("a user's own token", () => {
  it('reads the profile and the kind of user', async () => {
    const tokens = await logInTo(reps)
    expect(await query(profileQuery(tokens), tokens)).toMatchObject({
      totalSize: 1,
      records: [{ Profile: { attributes: { type: 'Profile' }, Name: 'Sales Rep' }, UserType: 'Standard' }],
    })
  })

  it("reads its permission sets, its profile's own and those of groups included", async () => {
    const tokens = await logInTo(reps)
    const owned = { Name: expect.stringMatching(/^X00e/), IsOwnedByProfile: true }
    expect(await query(assignmentQuery(tokens), tokens)).toMatchObject({
      records: [
        { PermissionSet: owned, PermissionSetGroup: null },
        { PermissionSet: { Name: 'Discounts', IsOwnedByProfile: false }, PermissionSetGroup: null },
        { PermissionSet: { Name: 'Reports', IsOwnedByProfile: false }, PermissionSetGroup: null },
        { PermissionSet: { Name: 'Closers' }, PermissionSetGroup: { DeveloperName: 'Closers' } },
      ],
    })
  })

  it('tells a sandbox from a production org', async () => {
    const soql = 'SELECT Id, IsSandbox, OrganizationType FROM Organization'
    const sandbox = { Id: sim.org('Globex').id, IsSandbox: true, OrganizationType: 'Enterprise Edition' }
    expect(await query(soql, await logInTo(reps))).toMatchObject({ totalSize: 1, records: [sandbox] })
    const url = `${sim.org().instanceUrl}/services/data/v64.0/query?q=${encodeURIComponent(soql)}`
    expect(await get(url, await logIn(sim))).toMatchObject({ records: [{ Id: sim.org().id, IsSandbox: false }] })
  })

  it('cannot read assignments without "View Setup and Configuration"', async () => {
    sim.updateUser(reps, { canViewSetup: false })
    const tokens = await logInTo(reps)
    expect(await query(assignmentQuery(tokens), tokens)).toMatchObject([{ errorCode: 'INVALID_TYPE' }])
    expect(await query(profileQuery(tokens), tokens)).toMatchObject({ records: [{ Profile: { Name: 'Sales Rep' } }] })
    const { sobjects } = (await get(`${sim.org('Globex').instanceUrl}/services/data/v64.0/sobjects`, tokens)) as {
      sobjects: { name: string }[]
    }
    expect(sobjects.map(({ name }) => name)).toEqual(['Account', 'Contact', 'Asset', 'Organization', 'User', 'Profile'])
  })

  it("cannot read profiles or assignments when it is an outsider's", async () => {
    const tokens = await logInTo('eve@client.example')
    expect(await query(profileQuery(tokens), tokens)).toMatchObject([{ errorCode: 'INVALID_FIELD' }])
    expect(await query(assignmentQuery(tokens), tokens)).toMatchObject([{ errorCode: 'INVALID_TYPE' }])
    const soql = `SELECT UserType FROM User WHERE Id = '${idOf(tokens)}'`
    expect(await query(soql, tokens)).toMatchObject({ records: [{ UserType: 'CspLitePortal' }] })
  })

  it("changes nothing that is Setup's, not even an administrator's", async () => {
    const tokens = await logInTo('boss@globex.example')
    const url = `${sim.org('Globex').instanceUrl}/services/data/v64.0/sobjects/Profile`
    const headers = { authorization: `Bearer ${tokens['access_token']}`, 'content-type': 'application/json' }
    const request = new Request(url, { method: 'POST', headers, body: '{"Name":"Mine"}' })
    expect((await sim.fetch(request)).status).toBe(403)
    expect(await query("SELECT Id FROM Profile WHERE Name = 'Mine'", tokens)).toMatchObject({ totalSize: 0 })
  })
})

describe('an administrator who changes a user', () => {
  it('changes what live tokens read', async () => {
    const tokens = await logInTo(reps)
    sim.updateUser(reps, { profile: 'Sales Manager', permissionSets: ['Forecasts'], permissionSetGroups: [] })
    expect(await query(profileQuery(tokens), tokens)).toMatchObject({
      records: [{ Profile: { Name: 'Sales Manager' } }],
    })
    const { records } = (await query(assignmentQuery(tokens), tokens)) as {
      records: { PermissionSet: { Name: string } }[]
    }
    expect(records.map(({ PermissionSet: { Name } }) => Name)).toEqual([expect.stringMatching(/^X00e/), 'Forecasts'])
  })

  it('keeps what the API changed', async () => {
    const tokens = await logInTo('boss@globex.example')
    const headers = { authorization: `Bearer ${tokens['access_token']}`, 'content-type': 'application/json' }
    const url = `${sim.org('Globex').instanceUrl}/services/data/v64.0/sobjects/User/${idOf(tokens)}`
    await sim.fetch(new Request(url, { method: 'PATCH', headers, body: '{"FirstName":"Bea"}' }))
    sim.updateUser('boss@globex.example', { lastName: 'Boss', userType: 'CsnOnly' })
    expect(await get(url, tokens)).toMatchObject({ FirstName: 'Bea', LastName: 'Boss', UserType: 'CsnOnly' })
  })
})

describe('userinfo and the identity answer', () => {
  const places = (tokens: Answer): string[] => [`${sim.org('Globex').url}/services/oauth2/userinfo`, tokens['id'] ?? '']

  it.each(['custom_permissions', 'full'])('show custom permissions with the scope %s', async (scope) => {
    const tokens = await logInTo(reps, { params: { scope: `id ${scope}` } })
    const id = expect.stringMatching(/^0CP\w{15}$/)
    for (const url of places(tokens)) {
      const held = { custom_permissions: { Export_Data: id, Approve_Discounts: id } }
      expect(await get(url, tokens)).toMatchObject(held)
    }
    sim.updateUser(reps, { customPermissions: [] })
    for (const url of places(tokens)) expect(await get(url, tokens)).toHaveProperty('custom_permissions', {})
  })

  it('show none without it', async () => {
    const tokens = await logInTo(reps, { params: { scope: 'id api' } })
    for (const url of places(tokens)) expect(await get(url, tokens)).not.toHaveProperty('custom_permissions')
  })

  it.each([
    [reps, 'STANDARD'],
    ['eve@client.example', 'CSP_LITE_PORTAL'],
    ['pat@partner.example', 'POWER_PARTNER'],
  ])('say of %s: %s, whatever the scope', async (username, type) => {
    const tokens = await logInTo(username, { params: { scope: 'openid' } })
    for (const url of places(tokens)) expect(await get(url, tokens)).toHaveProperty('user_type', type)
  })
})
