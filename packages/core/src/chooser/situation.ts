import { ConfigError } from '../errors/errors.ts'
import type { ConfigFault } from '../errors/errors.ts'

/** Where your program stands. What is left out takes the default. */
export interface Situation {
  /** Somebody sits in front of it and can approve. */
  userPresent: boolean
  /** It runs where nobody else can read it: a server, not a browser, a phone or a sensor in the field. @default true */
  canKeepSecret?: boolean
  /** The person's browser can be sent to Salesforce and back. @default true when somebody is present */
  canOpenBrowser?: boolean
  /** It has an RSA key whose certificate is, or can be, uploaded to the app. @default false */
  hasCertificate?: boolean
  /** It holds a refresh token of an earlier login. @default false */
  hasRefreshToken?: boolean
  /** There is an External Client App or connected app for it. @default true */
  hasApp?: boolean
  /** `no-keyboard`: a television, a kiosk, a terminal elsewhere. `asset`: a machine that is an Asset record. @default 'none' */
  device?: 'none' | 'no-keyboard' | 'asset'
  /** `saml`: it can get, or sign, SAML assertions. `tokens`: it holds tokens of another provider. @default 'none' */
  identityProvider?: 'none' | 'saml' | 'tokens'
  /** `generic` when only login.salesforce.com or test.salesforce.com can be used. @default 'my-domain' */
  loginHost?: 'my-domain' | 'generic'
  /** What your own pages do on an Experience Cloud site in Salesforce's place. @default 'none' */
  ownPages?: 'none' | 'password' | 'one-time-code' | 'registration' | 'forgot-password' | 'guest'
  /** It is a mobile app that shows pages of the org in web views. @default false */
  hasWebViews?: boolean
  /** A try-out by hand, thrown away afterwards. @default false */
  isQuickTest?: boolean
}

const FLAG = [true, false] as const
/** Every member with what it may be; in the order in which they are told. */
const MEMBERS: { readonly [M in keyof Situation]-?: readonly Situation[M][] } = {
  userPresent: FLAG,
  canKeepSecret: FLAG,
  canOpenBrowser: FLAG,
  hasCertificate: FLAG,
  hasRefreshToken: FLAG,
  hasApp: FLAG,
  device: ['none', 'no-keyboard', 'asset'],
  identityProvider: ['none', 'saml', 'tokens'],
  loginHost: ['my-domain', 'generic'],
  ownPages: ['none', 'password', 'one-time-code', 'registration', 'forgot-password', 'guest'],
  hasWebViews: FLAG,
  isQuickTest: FLAG,
}
const KNOWN = `Known: ${Object.keys(MEMBERS).join(', ')}.`
const HINTS: Readonly<Record<string, string>> = {
  userPresent: 'Write true when somebody sits in front of it and can approve, else false.',
  device: 'Leave it out for any other machine; one that keeps no secret, as a sensor, is canKeepSecret: false.',
}

/**
 * The situation as a caller gave it, without members that are undefined.
 * @throws {ConfigError} `config/invalid` with every member that is missing, unknown or wrong.
 */
export function readSituation(value: unknown): Situation {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const hint = `Write chooseFlow({ userPresent: true }), or false. ${KNOWN}`
    throw new ConfigError([{ option: 'situation', problem: 'is not an object', hint }])
  }
  const told = Object.entries(value).filter(([, said]) => said !== undefined)
  const faults = told.flatMap(([name, said]) => memberFaults(name, said))
  if (!told.some(([name]) => name === 'userPresent')) faults.unshift(fault('userPresent', 'is missing'))
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.fromEntries(told) as unknown as Situation
}

function memberFaults(name: string, said: unknown): ConfigFault[] {
  if (!Object.hasOwn(MEMBERS, name)) return [{ option: name, problem: 'is unknown here', hint: KNOWN }]
  const allowed: readonly unknown[] = MEMBERS[name as keyof Situation]
  if (allowed.includes(said)) return []
  return [fault(name, `must be ${allowed.map((one) => JSON.stringify(one)).join(' or ')}`)]
}

function fault(option: string, problem: string): ConfigFault {
  return { option, problem, hint: HINTS[option] ?? 'Write one of these, or leave it out.' }
}

export function completeSituation(situation: Situation): Required<Situation> {
  return {
    canKeepSecret: true,
    canOpenBrowser: situation.userPresent,
    hasCertificate: false,
    hasRefreshToken: false,
    hasApp: true,
    device: 'none',
    identityProvider: 'none',
    loginHost: 'my-domain',
    ownPages: 'none',
    hasWebViews: false,
    isQuickTest: false,
    ...situation,
  }
}

/** Members that must all be as given. */
export type Condition = Partial<Situation>

export function fits(situation: Required<Situation>, condition: Condition): boolean {
  return Object.entries(condition).every(([name, value]) => situation[name as keyof Situation] === value)
}
