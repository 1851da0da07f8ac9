import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { ConfigError, createDpopKey } from '../../src/index.ts'
import { createSalesforceAuth } from '../../src/node.ts'
import { tell } from './harness.ts'

const required = { dpop: 'required', dpopNonce: true } as const

describe('with the option dpop', () => {
  it('a login binds its code to the key, and its session calls Salesforce', async () => {
    const key = await createDpopKey()
    await using story = await tell({ dpop: { key } })
    story.sim.updateApp(story.sim.app().clientId, required)
    const start = await story.browser().get('/auth/login')
    const { searchParams } = new URL(start.headers.get('location') ?? '')
    expect(searchParams.get('dpop_jkt')).toBe(await calculateJwkThumbprint(key))
    const browser = await story.login()
    expect((await browser.get('/call')).status).toBe(200)
  })

  it('a session is renewed with the same key', async () => {
    await using story = await tell({ dpop: { key: await createDpopKey() } })
    story.sim.updateApp(story.sim.app().clientId, required)
    const browser = await story.login()
    story.sim.expireAccessTokens()
    story.forget()
    expect((await browser.get('/call')).status).toBe(200)
    expect(story.tokenRequests()).toBeGreaterThan(0)
    expect((await browser.get('/call')).status).toBe(200)
  })

  it('and an app that must have it, a login without it fails', async () => {
    await using story = await tell()
    story.sim.updateApp(story.sim.app().clientId, { dpop: 'required' })
    const start = await story.browser().get('/auth/login')
    expect(new URL(start.headers.get('location') ?? '').searchParams.has('dpop_jkt')).toBe(false)
    await expect(story.login()).rejects.toThrow(/\w/)
  })
})

describe('a key is refused at once', () => {
  it.each([
    ['that is missing', async () => undefined],
    ['that is public', async () => exportJWK((await generateKeyPair('ES256')).publicKey)],
    ['on another curve', async () => generateKeyPair('ES384')],
    ['of RSA', async () => exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey)],
    ['that is a text', async () => 'secret-key-text'],
  ])('%s', async (_, makeKey) => {
    const options = {
      clientId: '3MVG9',
      clientSecret: '1955',
      loginUrl: 'https://acme.my.salesforce.com',
      baseUrl: 'https://app.example',
      session: { secret: 'a session secret of the tests, long enough: 0123456789' },
      dpop: { key: await makeKey() },
    }
    const attempt = (): unknown => createSalesforceAuth(options as never, {})
    expect(attempt).toThrow(ConfigError)
    expect(attempt).toThrow(/^dpop\.key: is not a private key on P-256\.$/)
    expect(attempt).toThrow(expect.objectContaining({ hint: expect.stringMatching(/createDpopKey\(\)/) }))
    expect(attempt).not.toThrow(/secret-key-text/)
  })
})
