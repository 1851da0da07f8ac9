import { existsSync, globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FLOWS } from '../../src/chooser/flows.ts'
import { AVOIDANCES, RULES } from '../../src/chooser/rules.ts'
import { chooseFlow, ConfigError } from '../../src/index.ts'
import type { FlowName, Situation } from '../../src/index.ts'

const person = { userPresent: true } as const
const machine = { userPresent: false } as const

const decisions: readonly (readonly [who: string, situation: Situation, flow: FlowName, avoid: readonly FlowName[]])[] =
  [
    ['a web app on a server', person, 'authorization-code', ['user-agent', 'client-credentials', 'device']],
    ['a single-page app', { ...person, canKeepSecret: false }, 'authorization-code', ['user-agent', 'jwt-bearer']],
    ['a phone app with web views', { ...person, canKeepSecret: false, hasWebViews: true }, 'hybrid', ['user-agent']],
    ['two servers with a key', { ...machine, hasCertificate: true }, 'jwt-bearer', ['authorization-code']],
    ['two servers without one', machine, 'client-credentials', ['username-password', 'authorization-code']],
    ['two servers, generic host', { ...machine, loginHost: 'generic' }, 'jwt-bearer', ['client-credentials']],
    ['an asset in Service Cloud', { ...machine, device: 'asset' }, 'asset-token', ['username-password']],
    ['a television', { ...person, device: 'no-keyboard' }, 'device', ['username-password']],
    ['a sign that nobody watches', { ...machine, device: 'no-keyboard' }, 'client-credentials', ['authorization-code']],
    ['a terminal elsewhere', { ...person, canOpenBrowser: false }, 'device', ['username-password']],
    ['a SAML shop with its key', { ...machine, identityProvider: 'saml', hasCertificate: true }, 'saml-bearer', []],
    ['a SAML shop without its key', { ...machine, identityProvider: 'saml' }, 'token-exchange', []],
    ['a SAML shop without an app', { ...machine, identityProvider: 'saml', hasApp: false }, 'saml-assertion', []],
    ['a Teams tab', { ...person, identityProvider: 'tokens' }, 'token-exchange', ['client-credentials']],
    ['an agent with a foreign token', { ...machine, identityProvider: 'tokens' }, 'token-exchange', []],
    ['a SAML portal', { ...person, canOpenBrowser: false, identityProvider: 'saml' }, 'token-exchange', []],
    [
      'a SAML portal with its key',
      { ...person, canOpenBrowser: false, identityProvider: 'saml', hasCertificate: true },
      'saml-bearer',
      ['client-credentials'],
    ],
    ['people of a SAML org', { ...person, identityProvider: 'saml' }, 'authorization-code', ['user-agent']],
    ['a quick test', { ...person, isQuickTest: true }, 'username-password', ['user-agent']],
    ['a job of a connected user', { ...machine, hasRefreshToken: true }, 'refresh-token', ['authorization-code']],
    ['a site with its own login page', { ...person, ownPages: 'password' }, 'code-and-credentials', ['user-agent']],
    ['a site with one-time codes', { ...person, ownPages: 'one-time-code' }, 'passwordless-login', []],
    ['a site with a sign-up page', { ...person, ownPages: 'registration' }, 'headless-registration', []],
    ['a site with forgotten passwords', { ...person, ownPages: 'forgot-password' }, 'forgot-password', []],
    ['a site with visitors', { ...person, ownPages: 'guest' }, 'guest', []],
  ]

describe('the flow chooser', () => {
  it.each(decisions)('advises %s', (...[, situation, flow, avoid]) => {
    const choice = chooseFlow(situation)
    expect(choice).toMatchObject({ flow, title: FLOWS[flow].title, needs: FLOWS[flow].needs })
    expect(choice.avoid.map((one) => one.flow)).toEqual(expect.arrayContaining([...avoid]))
    expect(choice.avoid.map((one) => one.flow)).not.toContain(flow)
    expect(choice.needs.length).toBeGreaterThan(0)
  })

  it('warns of username-password, device logins, shared identities and keys in public hands, and not of the ordinary', () => {
    expect(chooseFlow({ ...person, isQuickTest: true }).warning).toMatch(/Never beyond a try-out/)
    expect(chooseFlow({ ...person, device: 'no-keyboard' }).warning).toMatch(/never send/)
    expect(chooseFlow(machine).warning).toMatch(/Run As|user may see/)
    expect(chooseFlow({ ...machine, canKeepSecret: false }).warning).toMatch(/private key is a secret/)
    expect(chooseFlow({ ...machine, canKeepSecret: false, hasCertificate: true }).warning).toMatch(/ship none/)
    expect(chooseFlow({ ...machine, hasCertificate: true }).warning).toBeUndefined()
    expect(chooseFlow(person).warning).toBeUndefined()
  })

  it('advises what keeps no secret to leave the login to a server in between, and to keep the flow out of itself', () => {
    for (const more of [{}, { hasCertificate: true }, { device: 'no-keyboard' }, { loginHost: 'generic' }] as const) {
      const choice = chooseFlow({ ...machine, canKeepSecret: false, ...more })
      expect(choice).toMatchObject({ flow: 'jwt-bearer', why: expect.stringMatching(/server of yours in between/) })
      const [first = '', ...needs] = choice.needs
      expect(first).toMatch(/^On your server, not on the device/)
      expect(needs).toEqual(FLOWS['jwt-bearer'].needs)
      expect(choice.avoid.map((one) => one.flow)).toEqual(expect.arrayContaining(['jwt-bearer', 'client-credentials']))
    }
    expect(chooseFlow({ ...machine, hasCertificate: true }).avoid.map((one) => one.flow)).not.toContain('jwt-bearer')
  })

  it('says before anybody builds on it that an asset token opens no API, and what becomes of the device flow', () => {
    expect(chooseFlow({ ...machine, device: 'asset' }).warning).toMatch(/No API of Salesforce accepts/)
    for (const more of [{ device: 'no-keyboard' }, { canOpenBrowser: false }] as const) {
      expect(chooseFlow({ ...person, ...more }).warning).toMatch(/30 November 2026 reportedly .* localhost callback/)
    }
  })

  it('takes what is undefined for left out', () => {
    const left = { ...person, canOpenBrowser: undefined, canKeepSecret: undefined } as unknown as Situation
    expect(chooseFlow(left)).toEqual(chooseFlow(person))
  })

  it('says of what is reported, not announced, that it is uncertain', () => {
    const uncertain = Object.entries(FLOWS).filter(([, { status }]) => status.isUncertain === true)
    expect(uncertain.map(([name]) => name).sort()).toEqual(['device', 'user-agent', 'username-password'])
    for (const [, { status }] of uncertain) expect(status.note).toMatch(/reported/)
  })

  it('never recommends what is being retired, but for a quick test', () => {
    const retiring = RULES.filter(({ flow }) => FLOWS[flow].status.level === 'retiring')
    expect(retiring.map(({ when }) => when)).toEqual([{ isQuickTest: true }])
  })

  it('answers every combination of situations, always with something to avoid and no flow named twice', () => {
    const situations = everySituation()
    expect(situations.length).toBeGreaterThan(10_000)
    const avoidsItself: Situation[] = []
    for (const situation of situations) {
      const { avoid, flow } = chooseFlow(situation)
      const avoided = avoid.map((one) => one.flow)
      expect(avoided.length).toBe(new Set(avoided).size)
      expect(avoided.length).toBeGreaterThan(0)
      if (avoided.includes(flow)) avoidsItself.push(situation)
    }
    expect(avoidsItself.filter((one) => one.userPresent || one.canKeepSecret)).toEqual([])
  })

  it('has no rule and no avoidance that no situation reaches', () => {
    const choices = everySituation().map(chooseFlow)
    const reached = new Set(choices.map(({ why }) => why))
    expect(RULES.filter(({ why }) => !reached.has(why))).toEqual([])
    const avoided = new Set(choices.flatMap(({ avoid }) => avoid.map(({ why }) => why)))
    expect(AVOIDANCES.filter(({ why }) => !avoided.has(why))).toEqual([])
  })

  it('knows every flow of this package, and each has its page', () => {
    const core = join(import.meta.dirname, '../..')
    const files = globSync('src/flows/*.ts', { cwd: core }).map((path) => basename(path, '.ts'))
    expect(Object.keys(FLOWS).sort()).toEqual(files.filter((name) => name !== 'index').sort())
    const pages = Object.keys(FLOWS).map((name) => join(core, '../../docs/flows', `${name}.md`))
    expect(pages.filter((page) => !existsSync(page))).toEqual([])
  })
})

describe('a situation that cannot be read is a ConfigError', () => {
  const faultsOf = (situation: unknown): ConfigError['faults'] => {
    try {
      chooseFlow(situation as Situation)
    } catch (error) {
      if (error instanceof ConfigError) return error.faults
      throw error
    }
    return []
  }

  it.each<[what: string, situation: unknown, option: string, problem: string, hint: RegExp]>([
    ['nothing', undefined, 'situation', 'is not an object', /userPresent: true/],
    ['null', null, 'situation', 'is not an object', /userPresent: true/],
    ['a text', 'a web app', 'situation', 'is not an object', /userPresent: true/],
    ['a list', [person], 'situation', 'is not an object', /userPresent: true/],
    ['nobody said to be present', {}, 'userPresent', 'is missing', /true.*approve.*false/],
    [
      'an unknown member',
      { ...machine, hasUser: true },
      'hasUser',
      'is unknown here',
      /^Known: userPresent, canKeepSecret, .*isQuickTest\.$/,
    ],
    ['a member of every object', { ...machine, toString: true }, 'toString', 'is unknown here', /^Known: /],
    ['a text for a switch', { userPresent: 'no' }, 'userPresent', 'must be true or false', /true/],
    [
      'an unknown device',
      { ...machine, device: 'sensor' },
      'device',
      'must be "none" or "no-keyboard" or "asset"',
      /canKeepSecret: false/,
    ],
    [
      'a number for a host',
      { ...machine, loginHost: 1 },
      'loginHost',
      'must be "my-domain" or "generic"',
      /leave it out/,
    ],
  ])('for %s', (...[, situation, option, problem, hint]) => {
    expect(faultsOf(situation)).toEqual([{ option, problem, hint: expect.stringMatching(hint) as string }])
  })

  it('with all that is wrong', () => {
    const options = faultsOf({ user: true, device: 'phone', canKeepSecret: 0 }).map(({ option }) => option)
    expect(options.toSorted()).toEqual(['canKeepSecret', 'device', 'user', 'userPresent'])
  })
})

function everySituation(): Situation[] {
  const flag = [true, false]
  const members: Record<keyof Situation, readonly unknown[]> = {
    userPresent: flag,
    canKeepSecret: flag,
    canOpenBrowser: flag,
    hasCertificate: flag,
    hasRefreshToken: flag,
    hasApp: flag,
    device: ['none', 'no-keyboard', 'asset'],
    identityProvider: ['none', 'saml', 'tokens'],
    loginHost: ['my-domain', 'generic'],
    ownPages: ['none', 'password', 'one-time-code', 'registration', 'forgot-password', 'guest'],
    hasWebViews: flag,
    isQuickTest: flag,
  }
  let all: Record<string, unknown>[] = [{}]
  for (const [name, values] of Object.entries(members)) {
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })))
  }
  return all as unknown as Situation[]
}
