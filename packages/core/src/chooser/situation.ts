/** Where your program stands. What is left out takes the default. */
export interface Situation {
  /** Somebody sits in front of it and can approve. */
  userPresent: boolean
  /** It runs where nobody else can read it: a server, not a browser or a phone. @default true */
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
