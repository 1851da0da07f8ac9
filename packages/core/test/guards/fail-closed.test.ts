import type { Fault } from '@orgpass/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  anyOf,
  requiresCustomPermission,
  requiresOrg,
  requiresPermissionSet,
  requiresProfile,
  requiresUserType,
} from '../../src/index.ts'
import { HANK, openStage, verdict } from './stage.ts'
import type { Stage } from './stage.ts'

const guards = {
  '/profile': requiresProfile('Sales Rep'),
  '/set': requiresPermissionSet('Reports'),
  '/permission': requiresCustomPermission('Export_Data'),
  '/type': requiresUserType('STANDARD'),
  '/kind': requiresOrg('production'),
  '/profile-or-type': anyOf(requiresProfile('Sales Rep'), requiresUserType('STANDARD')),
  '/profile-or-partner': anyOf(requiresProfile('Sales Rep'), requiresUserType('POWER_PARTNER')),
}
const queried = ['/profile', '/set', '/kind']
const described = ['/permission', '/type']

let stage: Stage
beforeEach(async () => {
  stage = await openStage(guards, { options: { timeout: 1_000 } })
})
afterEach(() => stage[Symbol.asyncDispose]())

describe('while Salesforce does not answer, nobody passes, and nobody is told that they may not', () => {
  const outages: [string, Fault][] = [
    ['is under maintenance', { status: 503, body: 'html' }],
    ['hangs up', { drop: 'before' }],
    ['answers something broken', { malformed: true }],
    ['takes for ever', { latency: 1_500 }],
    ['is busy', { error: 'SERVER_UNAVAILABLE' }],
  ]

  it.each(outages)('because it %s', async (_, fault) => {
    const browser = await stage.login()
    for (const [endpoint, paths] of [
      ['data', queried],
      ['userinfo', described],
    ] as const) {
      for (const path of paths) {
        stage.sim.faults.next(endpoint, fault)
        const answer = await verdict(await browser.get(path))
        const expected =
          'error' in fault && endpoint === 'userinfo' ? /^50[23] guard\/fact-/ : /^503 guard\/fact-unavailable$/
        expect([path, answer]).toEqual([path, expect.stringMatching(expected)])
        // Nothing of it was kept.
        expect(await verdict(await browser.get(path))).toBe('200')
      }
    }
  })

  it('and many at once cost a question or two, not one each', async () => {
    const browser = await stage.login()
    stage.sim.faults.next('data', { status: 503, latency: 100 }, 100)
    stage.forget()
    const answers = await Promise.all(Array.from({ length: 30 }, async () => verdict(await browser.get('/profile'))))
    expect(new Set(answers)).toEqual(new Set(['503 guard/fact-unavailable']))
    expect(stage.asked().length).toBeLessThanOrEqual(2)
  })
})

describe('when Salesforce refuses to tell', () => {
  it('permission sets to somebody who may not view Setup, it is no denial, and the hint says what to use', async () => {
    stage.sim.updateUser(HANK, { canViewSetup: false })
    const browser = await stage.login()
    const response = await browser.get('/set')
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({
      error: 'guard/fact-refused',
      hint: expect.stringMatching(/View Setup and Configuration.*requiresCustomPermission/),
    })
    expect(await verdict(await browser.get('/permission'))).toBe('200')
  })

  it('because the org has used up its calls, it is for later', async () => {
    const browser = await stage.login()
    stage.sim.faults.next('data', { error: 'REQUEST_LIMIT_EXCEEDED' })
    expect(await verdict(await browser.get('/profile'))).toBe('503 guard/fact-unavailable')
  })

  it('another alternative may still let pass, but a denial does not outvote it', async () => {
    const browser = await stage.login()
    stage.sim.faults.next('data', { status: 503 }, 2)
    expect(await verdict(await browser.get('/profile-or-type'))).toBe('200')
    expect(await verdict(await browser.get('/profile-or-partner'))).toBe('503 guard/fact-unavailable')
    expect(await verdict(await browser.get('/profile-or-partner'))).toBe('200')
  })
})

describe('without the scope', () => {
  it.each([
    ['openid id refresh_token', '/permission', 'custom_permissions'],
    ['openid id refresh_token', '/profile', 'api'],
    ['openid id refresh_token', '/set', 'api'],
    ['openid id refresh_token', '/kind', 'api'],
  ])('%s the guard of %s throws, names %s and asks nothing', async (scope, path, missing) => {
    await using narrow = await openStage(guards, { scope })
    const browser = await narrow.login()
    narrow.forget()
    const response = await browser.get(path)
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({
      error: 'guard/scope-missing',
      hint: expect.stringMatching(new RegExp(`\\b${missing}\\b`)),
    })
    expect(narrow.asked()).toEqual([])
  })

  it('of its own name, full tells custom permissions', async () => {
    await using full = await openStage(guards, { scope: 'openid full' })
    expect(await verdict(await (await full.login()).get('/permission'))).toBe('200')
  })
})

it('somebody whose grant has ended is told so, by 401', async () => {
  const browser = await stage.login()
  stage.sim.updateUser(HANK, { active: false })
  stage.sim.expireAccessTokens()
  expect(await verdict(await browser.get('/profile'))).toMatch(/^401 (?:token|oauth)\//)
})

it('an access token that died is renewed, and the question asked again', async () => {
  const browser = await stage.login()
  stage.sim.expireAccessTokens()
  expect(await verdict(await browser.get('/profile'))).toBe('200')
  stage.sim.expireAccessTokens()
  expect(await verdict(await browser.get('/type'))).toBe('200')
})
