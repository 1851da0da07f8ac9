import { Connection, OAuth2 } from 'jsforce'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Simulator } from '../src/index.ts'
import { startSimulator } from '../src/index.ts'

const redirectUri = 'http://localhost:3000/auth/callback'
const seed = {
  defaults: true,
  apps: [
    {
      label: 'Rotating',
      org: 'Acme',
      clientId: '3MVG9rotating',
      clientSecret: 'ROTATING',
      callbackUrls: [redirectUri],
      refreshTokenRotation: true,
    },
  ],
}

let simulator: Simulator

beforeEach(async () => {
  simulator = await startSimulator({ seed })
})

afterEach(() => simulator.close())

function oauth2For(loginUrl: string, label = 'Orgpass sample'): OAuth2 {
  const { clientId, clientSecret } = simulator.app(label)
  return new OAuth2({ loginUrl, clientId, clientSecret, redirectUri, useVerifier: true })
}

async function codeFor(oauth2: OAuth2): Promise<string> {
  const callback = await simulator.signIn(oauth2.getAuthorizationUrl({ state: 'a b&c' }))
  expect(callback.searchParams.get('state')).toBe('a b&c')
  return callback.searchParams.get('code') ?? ''
}

async function connect(label?: string): Promise<Connection> {
  const connection = new Connection({ oauth2: oauth2For(simulator.org().url, label) })
  await connection.authorize(await codeFor(connection.oauth2))
  return connection
}

function refreshes(): number {
  return simulator.requests.filter(({ grantType }) => grantType === 'refresh_token').length
}

describe('jsforce 3, unchanged,', () => {
  it.each(['the generic login host', 'the My Domain'])(
    'authorizes with a 171-character verifier and requests a token at %s',
    async (host) => {
      const oauth2 = oauth2For(host === 'the My Domain' ? simulator.org().url : simulator.loginUrl)
      const answer = await oauth2.requestToken(await codeFor(oauth2))
      expect(oauth2.codeVerifier).toHaveLength(171)
      expect(answer).toMatchObject({ token_type: 'Bearer', instance_url: simulator.org().instanceUrl })
      expect(simulator.tokenState(answer.access_token)).toBe('active')
      expect(simulator.tokenState(answer.refresh_token ?? '')).toBe('active')
    },
  )

  it('reads the user from the identity URL', async () => {
    const connection = await connect()
    const identity = await connection.identity()
    expect(identity).toMatchObject({
      username: 'ada@acme.example',
      user_id: connection.userInfo?.id,
      organization_id: simulator.org().id,
    })
  })

  it('queries, and follows limits and describe', async () => {
    const connection = await connect()
    const accounts = await connection.query(
      "SELECT Id, Name, Owner.Name FROM Account WHERE Name LIKE '%a%' ORDER BY Name LIMIT 3",
    )
    expect(accounts.records).toHaveLength(3)
    expect(accounts.records[0]).toMatchObject({ attributes: { type: 'Account' }, Owner: { Name: 'Ada Lovell' } })
    const found = await connection
      .sobject('Contact')
      .find({ LastName: { $like: '%' } }, ['Name', 'Account.Name'])
      .limit(2)
    expect(found).toHaveLength(2)
    const described = await connection.describe('Account')
    expect(described.fields.map(({ name }) => name)).toContain('Industry')
    expect(connection.limitInfo.apiUsage).toEqual({ used: 3, limit: 15_000 })
  })

  it('creates, updates, retrieves and destroys a record', async () => {
    const accounts = (await connect()).sobject('Account')
    const created = await accounts.create({ Name: 'Interop' })
    expect(created).toMatchObject({ success: true })
    const id = created.id ?? ''
    expect(await accounts.update({ Id: id, Name: 'Interop Ltd' })).toMatchObject({ id, success: true })
    expect(await accounts.retrieve(id)).toMatchObject({ Id: id, Name: 'Interop Ltd' })
    expect(await accounts.destroy(id)).toMatchObject({ success: true })
    await expect(accounts.retrieve(id)).rejects.toMatchObject({ errorCode: 'ENTITY_IS_DELETED' })
  })

  it('reports a bad query by its Salesforce error code', async () => {
    const connection = await connect()
    await expect(connection.query('SELECT Colour FROM Account')).rejects.toMatchObject({ errorCode: 'INVALID_FIELD' })
  })

  it('renews an expired session by itself and repeats the call', async () => {
    const connection = await connect()
    const before = connection.accessToken
    simulator.expireAccessTokens()
    expect((await connection.query('SELECT Id FROM Account LIMIT 1')).totalSize).toBe(1)
    expect(connection.accessToken).not.toBe(before)
    expect(refreshes()).toBe(1)
  })

  it('renews through a refreshFn of the host', async () => {
    const { accessToken, refreshToken, instanceUrl, oauth2 } = await connect()
    simulator.expireAccessTokens()
    const renew = async (done: (error: Error | null, token?: string) => void): Promise<void> => {
      const answer = await oauth2.refreshToken(refreshToken ?? '')
      done(null, answer.access_token)
    }
    const connection = new Connection({
      accessToken: accessToken ?? '',
      instanceUrl,
      refreshFn: (_, done) => void renew(done),
    })
    expect((await connection.query('SELECT COUNT() FROM User')).totalSize).toBe(3)
    expect(refreshes()).toBe(1)
  })

  it('revokes the session, and the refresh token when asked to', async () => {
    const connection = await connect()
    const { accessToken, refreshToken } = connection
    await connection.logout()
    expect(simulator.tokenState(accessToken ?? '')).toBe('revoked')
    expect(simulator.tokenState(refreshToken ?? '')).toBe('active')
    const other = await connect()
    const token = other.refreshToken ?? ''
    await other.logout(true)
    expect(simulator.tokenState(token)).toBe('revoked')
  })

  it('loses the second renewal when rotation is on: Salesforce rotates, jsforce keeps the spent token', async () => {
    const connection = await connect('Rotating')
    simulator.expireAccessTokens()
    expect((await connection.query('SELECT Id FROM Account LIMIT 1')).totalSize).toBe(1)
    simulator.expireAccessTokens()
    await expect(connection.query('SELECT Id FROM Account LIMIT 1')).rejects.toThrow('expired access/refresh token')
  })
})
