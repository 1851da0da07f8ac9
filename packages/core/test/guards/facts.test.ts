import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createDpopKey,
  requiresCustomPermission,
  requiresOrg,
  requiresPermissionSet,
  requiresProfile,
  requiresUserType,
} from '../../src/index.ts'
import { HANK, openStage, verdict } from './stage.ts'
import type { Stage } from './stage.ts'

const guards = {
  '/reps': requiresProfile('Sales Rep'),
  '/reps-or-support': requiresProfile(['Support', 'Sales Rep']),
  '/support': requiresProfile('Support'),
  '/reports': requiresPermissionSet('Reports'),
  '/discounts-and-reports': requiresPermissionSet(['Discounts', 'Reports']),
  '/closers': requiresPermissionSet('Closers'),
  '/audits': requiresPermissionSet(['Reports', 'Audits']),
  '/export': requiresCustomPermission(['Export_Data', 'Approve_Discounts']),
  '/delete': requiresCustomPermission(['Export_Data', 'Delete_Data']),
  '/staff': requiresUserType('STANDARD'),
  '/partners': requiresUserType(['POWER_PARTNER', 'CSP_LITE_PORTAL']),
  '/sandbox': requiresOrg('sandbox'),
  '/production': requiresOrg('production'),
}

let stage: Stage
beforeEach(async () => {
  stage = await openStage(guards, { org: { kind: 'sandbox' } })
})
afterEach(() => stage[Symbol.asyncDispose]())

const pass = [
  '/reps',
  '/reps-or-support',
  '/reports',
  '/discounts-and-reports',
  '/closers',
  '/export',
  '/staff',
  '/sandbox',
]

describe('somebody who is logged in', () => {
  it('passes what Salesforce says they fulfil', async () => {
    const browser = await stage.login()
    for (const path of pass) expect([path, await verdict(await browser.get(path))]).toEqual([path, '200'])
  })

  it.each([
    ['/support', 'profile'],
    ['/audits', 'permissionSet'],
    ['/delete', 'customPermission'],
    ['/partners', 'userType'],
    ['/production', 'org'],
  ])('is refused at %s by the kind of thing that is missing', async (path, requirement) => {
    const browser = await stage.login()
    const response = await browser.get(path)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.has('www-authenticate')).toBe(false)
    const text = await response.text()
    expect(JSON.parse(text)).toEqual({ error: 'request/forbidden', message: expect.any(String), requirement })
    expect([response.status, text]).toEqual([
      403,
      expect.not.stringMatching(/Support|Audits|Delete|PARTNER|Sales|Reports/),
    ])
  })
})

describe('somebody of a site', () => {
  it('is told apart by type, while profile and permission sets cannot be read', async () => {
    await using site = await openStage(guards, { site: '/customers' })
    const eve = await site.login('eve@client.example')
    expect(await verdict(await eve.get('/partners'))).toBe('200')
    expect(await verdict(await eve.get('/staff'))).toBe('403 request/forbidden userType')
    for (const path of ['/reps', '/reports']) {
      expect(await verdict(await eve.get(path))).toBe('502 guard/fact-refused')
    }
  })
})

it('nobody passes without a login: a person is sent to it, a script gets 401', async () => {
  for (const path of Object.keys(guards)) {
    const page = await stage.browser().get(path)
    expect(page.status).toBe(302)
    expect(page.headers.get('location')).toContain('/services/oauth2/authorize')
    const headers = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
    expect(await verdict(await stage.browser().get(path, { headers }))).toBe('401 session/missing')
  }
  expect(stage.asked()).toEqual([])
})

describe('what Salesforce said', () => {
  it('is asked once for however many guards, requests and sessions of a user', async () => {
    const [one, other] = [await stage.login(), await stage.login()]
    stage.sim.clock.advance(61_000)
    stage.forget()
    const requests = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? one : other).get('/reps'))
    for (const response of await Promise.all(requests)) expect(response.status).toBe(200)
    await one.get('/support')
    expect(stage.asked()).toEqual(['/services/data/v64.0/query'])
  })

  it('is believed for a minute and no longer', async () => {
    const browser = await stage.login()
    stage.sim.clock.advance(61_000)
    expect(await verdict(await browser.get('/reps'))).toBe('200')
    stage.sim.updateUser(HANK, { profile: 'Support' })
    stage.sim.clock.advance(58_000)
    expect(await verdict(await browser.get('/reps'))).toBe('200')
    stage.sim.clock.advance(2_001)
    expect(await verdict(await browser.get('/reps'))).toBe('403 request/forbidden profile')
    expect(await verdict(await browser.get('/support'))).toBe('200')
  })

  it('of one user is not believed of another', async () => {
    const [hank, ivy] = [await stage.login(), await stage.login('ivy@globex.example')]
    expect(await verdict(await hank.get('/reps'))).toBe('200')
    expect(await verdict(await ivy.get('/reps'))).toBe('403 request/forbidden profile')
    expect(await verdict(await ivy.get('/support'))).toBe('200')
    expect(await verdict(await ivy.get('/discounts-and-reports'))).toBe('403 request/forbidden permissionSet')
    expect(await verdict(await ivy.get('/export'))).toBe('403 request/forbidden customPermission')
  })

  it('is asked at the new instance once the org has moved', async () => {
    const browser = await stage.login()
    await stage.sim.moveInstance('Globex')
    expect(await verdict(await browser.get('/reps'))).toBe('200')
    expect(await verdict(await browser.get('/staff'))).toBe('200')
  })

  it('is asked with a proof where tokens are bound to a key', async () => {
    const options = { dpop: { key: await createDpopKey() } }
    await using bound = await openStage(guards, { org: { kind: 'sandbox' }, options })
    bound.sim.updateApp(bound.sim.app('Portal').clientId, { dpop: 'required', dpopNonce: true })
    const browser = await bound.login()
    for (const path of pass) expect([path, await verdict(await browser.get(path))]).toEqual([path, '200'])
  })
})
