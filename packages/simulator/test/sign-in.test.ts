import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { authorizeUrl } from './login-story.ts'

let sim: Simulator
beforeEach(() => {
  sim = createSimulator()
})

describe('signIn', () => {
  it('returns the callback with a code, without calling it', async () => {
    const back = await sim.signIn(authorizeUrl(sim).href)
    expect(back.href).toMatch(/^http:\/\/localhost:3000\/auth\/callback\?code=aPrx\w+%3D%3D&state=s1$/)
  })

  it('follows a callback with a custom scheme', async () => {
    sim.updateApp(sim.app().clientId, { callbackUrls: ['com.example.app:/done'] })
    const back = await sim.signIn(authorizeUrl(sim, { params: { redirect_uri: 'com.example.app:/done' } }))
    expect(back.protocol).toBe('com.example.app:')
  })

  it('takes a user and a changed password', async () => {
    sim.updateUser('grace@acme.example', { password: 'changed' })
    const back = await sim.signIn(authorizeUrl(sim), { username: 'grace@acme.example' })
    expect(back.searchParams.has('code')).toBe(true)
  })

  it.each([
    ['a wrong password', {}, { password: 'wrong' }, 'Please check your username and password'],
    ['an unknown user', {}, { username: 'x@y.example' }, 'Please check your username and password'],
    ['a bare error', { client_id: '3MVG9nobody' }, {}, 'error=invalid_client_id'],
  ])('throws what the page says about %s', async (...[, params, options, text]) => {
    await expect(sim.signIn(authorizeUrl(sim, { params }), options)).rejects.toThrow(text)
  })

  it('goes nowhere but to the simulator', async () => {
    await expect(sim.signIn('https://login.salesforce.com/services/oauth2/authorize')).rejects.toThrow(
      'signIn takes an authorize URL of this simulator; https://login.salesforce.com is not one of its hosts.',
    )
  })
})
