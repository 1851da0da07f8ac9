import { describe, expect, it } from 'vitest'
import {
  requiresCustomPermission,
  requiresOrg,
  requiresPermissionSet,
  requiresProfile,
  requiresUserType,
} from '../../src/index.ts'
import type { Fetch } from '../../src/index.ts'
import { openStage, verdict } from './stage.ts'

type Members = Record<string, unknown>

const guards = {
  '/kind': requiresOrg('production'),
  '/profile': requiresProfile('Sales Rep'),
  '/set': requiresPermissionSet('Reports'),
  '/group': requiresPermissionSet('Closers'),
  '/permission': requiresCustomPermission('Export_Data'),
  '/type': requiresUserType('STANDARD'),
}

/** What a guard says when Salesforce's answers to questions come changed. */
async function judged(path: keyof typeof guards, change: (answer: Members) => unknown): Promise<string> {
  const fetch: Fetch = async (input, init) => {
    const response = await globalThis.fetch(input, init)
    const url = input instanceof Request ? input.url : String(input)
    if (!/\/(?:query|userinfo)(?:\?|$)/.test(url) || !response.ok) return response
    return Response.json(change((await response.json()) as Members))
  }
  await using stage = await openStage(guards, { options: { fetch } })
  return await verdict(await (await stage.login()).get(path))
}

const first = (member: Members) => (answer: Members) => {
  const [record = {}] = answer['records'] as Members[]
  return { ...answer, records: [{ ...record, ...member }] }
}

it('answers that are left as they are let pass', async () => {
  for (const path of Object.keys(guards)) {
    expect([path, await judged(path as keyof typeof guards, (answer) => answer)]).toEqual([path, '200'])
  }
})

describe('an answer that does not tell is no denial', () => {
  it.each<[string, keyof typeof guards, (answer: Members) => unknown]>([
    ['of another org', '/kind', first({ Id: '00D000000000001EAA' })],
    ['without the kind', '/kind', first({ IsSandbox: null })],
    ['with the kind as a text', '/kind', first({ IsSandbox: 'false' })],
    ['without a record', '/kind', (answer) => ({ ...answer, records: [] })],
    ['without a user', '/profile', (answer) => ({ ...answer, records: [] })],
    ['without a profile', '/profile', first({ Profile: null })],
    ['without a name', '/profile', first({ Profile: {} })],
    ['without records', '/profile', ({ totalSize }) => ({ totalSize, done: true })],
    ['with records of another kind', '/profile', (answer) => ({ ...answer, records: ['Sales Rep'] })],
    ['of half the assignments', '/set', (answer) => ({ ...answer, done: false })],
    ['with an assignment of nothing', '/set', first({ PermissionSet: null })],
    ['with permissions in a list', '/permission', (answer) => ({ ...answer, custom_permissions: ['Export_Data'] })],
    ['with permissions in a text', '/permission', (answer) => ({ ...answer, custom_permissions: 'Export_Data' })],
    ['without a type', '/type', (answer) => ({ ...answer, user_type: undefined })],
  ])('%s: %s', async (_, path, change) => {
    expect(await judged(path, change)).toBe('502 guard/fact-refused')
  })

  it.each(['/permission', '/type'] as const)('of another user: %s', async (path) => {
    expect(await judged(path, (answer) => ({ ...answer, user_id: '005000000000001AAA' }))).toBe(
      '502 token/malformed-answer',
    )
  })

  it.each([[null], [[]], ['text'], [7]])('%j', async (answer) => {
    for (const path of ['/profile', '/type'] as const) expect(await judged(path, () => answer)).toMatch(/^50[23] /)
  })
})

describe('a custom permission is held', () => {
  it.each([
    [true, '200'],
    ['true', '200'],
    ['0CP5e0000008OIaGAM', '200'],
    [false, '403 request/forbidden customPermission'],
    ['false', '403 request/forbidden customPermission'],
    ['', '403 request/forbidden customPermission'],
    [null, '403 request/forbidden customPermission'],
    [1, '403 request/forbidden customPermission'],
    [{}, '403 request/forbidden customPermission'],
  ])('when it is marked by %j: %s', async (mark, expected) => {
    expect(await judged('/permission', (answer) => ({ ...answer, custom_permissions: { Export_Data: mark } }))).toBe(
      expected,
    )
  })

  it('by nobody when the scope is granted and Salesforce lists none', async () => {
    const none = await judged('/permission', (answer) => ({ ...answer, custom_permissions: undefined }))
    expect(none).toBe('403 request/forbidden customPermission')
  })
})

it('asks for assignments that are active and have not expired, and for nothing of a profile', async () => {
  const asked: string[] = []
  const fetch: Fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.pathname.endsWith('/query')) asked.push(url.searchParams.get('q') ?? '')
    return globalThis.fetch(input, init)
  }
  await using stage = await openStage(guards, { options: { fetch } })
  const browser = await stage.login()
  const userId = JSON.parse(await (await browser.get('/type')).text()) as string
  expect(await verdict(await browser.get('/set'))).toBe('200')
  expect(await verdict(await browser.get('/profile'))).toBe('200')
  expect(await verdict(await browser.get('/kind'))).toBe('200')
  const [assignments = '', ...others] = asked
  const [, now = ''] = /ExpirationDate > (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\)$/.exec(assignments) ?? []
  expect(Math.abs(Date.parse(now) - stage.sim.clock.now())).toBeLessThan(60_000)
  expect(assignments).toBe(
    'SELECT PermissionSet.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment ' +
      `WHERE AssigneeId = '${userId}' AND PermissionSet.IsOwnedByProfile = false AND IsActive = true ` +
      `AND (ExpirationDate = null OR ExpirationDate > ${now})`,
  )
  expect(others).toEqual([
    `SELECT Profile.Name FROM User WHERE Id = '${userId}'`,
    'SELECT Id, IsSandbox FROM Organization',
  ])
})
