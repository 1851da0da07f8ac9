import { DEVICE_END } from './flows.ts'
import type { FlowName } from './flows.ts'
import type { Condition } from './situation.ts'

export interface Rule {
  /** The situation in words. */
  readonly situation: string
  readonly when: Condition
  readonly flow: FlowName
  readonly why: string
  /** What to know before following the advice. */
  readonly warning?: string
  /** The flow is none for the program itself, but for a server of yours that it talks to. */
  readonly isForServer?: true
}

const DEVICE_WARNING = `Attackers talk people into approving such codes: never send one by mail or telephone. ${DEVICE_END}`

/** The first rule that fits decides; the last two fit everybody. */
export const RULES: readonly Rule[] = [
  {
    situation: 'a refresh token of an earlier login is at hand',
    when: { hasRefreshToken: true },
    flow: 'refresh-token',
    why: 'The user has logged in before: the refresh token brings new access tokens without anybody.',
  },
  {
    situation: 'a quick test by hand',
    when: { isQuickTest: true },
    flow: 'username-password',
    why: 'One request with what you have in your head, and nothing to register but an old connected app.',
    warning:
      'Never beyond a try-out: the program handles a password, new orgs block the flow, External Client Apps do not have it, and it is being retired. Where it is blocked, take client credentials.',
  },
  {
    situation: 'a machine that is an Asset record in Service Cloud',
    when: { device: 'asset' },
    flow: 'asset-token',
    why: 'The machine gets a token of its own, bound to its Asset record, which your services can verify.',
    warning:
      'No API of Salesforce accepts an asset token: it is for services of yours. For data, let a server of yours log in.',
  },
  {
    situation: 'your own page for names and passwords, on a site',
    when: { ownPages: 'password' },
    flow: 'code-and-credentials',
    why: 'Members of a site log in on your page, and the password is traded for a code at once.',
  },
  {
    situation: 'your own page for one-time codes, on a site',
    when: { ownPages: 'one-time-code' },
    flow: 'passwordless-login',
    why: 'Members of a site log in on your page with a code sent by mail or text message.',
  },
  {
    situation: 'your own sign-up page, on a site',
    when: { ownPages: 'registration' },
    flow: 'headless-registration',
    why: 'The person signs up on your page, proves the address with a code, and is logged in.',
  },
  {
    situation: 'your own page for forgotten passwords, on a site',
    when: { ownPages: 'forgot-password' },
    flow: 'forgot-password',
    why: 'The person sets a new password on your page with a code sent by mail.',
  },
  {
    situation: 'visitors of a site who have not logged in',
    when: { ownPages: 'guest' },
    flow: 'guest',
    why: 'The visitor gets a token without an account, and keeps the visit when logging in later.',
  },
  {
    situation: "another identity provider's token is at hand",
    when: { identityProvider: 'tokens', loginHost: 'my-domain' },
    flow: 'token-exchange',
    why: "Your identity provider has logged the person in already: its token is traded for one of Salesforce's.",
  },
  {
    situation: 'a single sign-on with SAML, and no app',
    when: { identityProvider: 'saml', hasApp: false },
    flow: 'saml-assertion',
    why: "The org's own single sign-on vouches for the user; no app is needed.",
    warning:
      'Whoever holds such a response logs in, and no policy of an app applies. With an app, other flows are safer.',
  },
  {
    situation: 'a screen without a keyboard',
    when: { userPresent: true, device: 'no-keyboard' },
    flow: 'device',
    why: 'The device shows a short code, and the person approves it on a phone.',
    warning: DEVICE_WARNING,
  },
  {
    situation: 'a mobile app with web views of the org',
    when: { userPresent: true, canOpenBrowser: true, hasWebViews: true },
    flow: 'hybrid',
    why: "One login brings the tokens and the sessions of the org's web pages.",
  },
  {
    situation: 'a web app on a server',
    when: { userPresent: true, canOpenBrowser: true, canKeepSecret: true },
    flow: 'authorization-code',
    why: 'The person logs in at Salesforce, with single sign-on if the org has it; your server gets the tokens and no password.',
  },
  {
    situation: 'a single-page, mobile or desktop app',
    when: { userPresent: true, canOpenBrowser: true },
    flow: 'authorization-code',
    why: 'PKCE takes the place of the secret that the app cannot keep: publicClient().',
  },
  {
    situation: 'a portal or job of a company that signs SAML, with the key in reach',
    when: { identityProvider: 'saml', hasCertificate: true, canKeepSecret: true },
    flow: 'saml-bearer',
    why: 'What signs SAML anyway vouches for the user. Without that habit, JWT bearer is simpler.',
  },
  {
    situation: 'a portal or job of a company with SAML whose assertions are at hand',
    when: { identityProvider: 'saml', loginHost: 'my-domain' },
    flow: 'token-exchange',
    why: 'The assertion of the identity provider is traded for a token; a handler in the org checks it.',
  },
  {
    situation: 'a person is there, and no browser that could come back',
    when: { userPresent: true },
    flow: 'device',
    why: 'The program shows a short code, and the person approves it in a browser elsewhere.',
    warning: DEVICE_WARNING,
  },
  {
    situation: 'two servers, with a key and its certificate',
    when: { hasCertificate: true, canKeepSecret: true },
    flow: 'jwt-bearer',
    why: 'No secret travels, and the job can act as any user who is pre-authorized.',
  },
  {
    situation: 'two servers, without a certificate',
    when: { canKeepSecret: true, loginHost: 'my-domain' },
    flow: 'client-credentials',
    why: 'The simplest way for a job with one identity: the user under Run As.',
    warning:
      "Whoever has the client id and secret has everything that user may see and do: give it the job's rights only.",
  },
  {
    situation: 'two servers, and only the generic login host',
    when: { canKeepSecret: true },
    flow: 'jwt-bearer',
    why: 'Of the flows without a person it works on the generic host as well; make a key for it.',
  },
  {
    situation: 'nobody there, and no secret that could be kept',
    when: {},
    flow: 'jwt-bearer',
    why: 'Such a program cannot prove who it is. Put a server of yours in between, and let that one log in with a key.',
    isForServer: true,
    warning:
      'A private key is a secret as well: ship none with the program. Whoever reads it out can be any user who is pre-authorized.',
  },
]

export interface Avoidance {
  readonly flow: FlowName
  readonly when: Condition
  readonly why: string
}

/** What people are tempted by; the chosen flow is left out, unless it is for a server in between. */
export const AVOIDANCES: readonly Avoidance[] = [
  {
    flow: 'username-password',
    when: {},
    why: 'It hands a password to the program, breaks with multi-factor authentication, and is being retired.',
  },
  {
    flow: 'user-agent',
    when: { userPresent: true },
    why: 'Tokens in the address bar end up in histories and logs; PKCE gives the same without that.',
  },
  {
    flow: 'authorization-code',
    when: { userPresent: false },
    why: 'It needs a person in front of a browser.',
  },
  {
    flow: 'client-credentials',
    when: { userPresent: true },
    why: 'Everybody would act as one integration user: sharing rules and the audit trail would mean nothing.',
  },
  {
    flow: 'client-credentials',
    when: { userPresent: false, canKeepSecret: false },
    why: 'Whoever reads the secret out of the program has all that the Run As user may do.',
  },
  {
    flow: 'client-credentials',
    when: { userPresent: false, canKeepSecret: true, loginHost: 'generic' },
    why: 'It works on a My Domain only; the generic login host refuses it.',
  },
  {
    flow: 'token-exchange',
    when: { loginHost: 'generic' },
    why: 'It works on a My Domain or a site only.',
  },
  {
    flow: 'jwt-bearer',
    when: { canKeepSecret: false },
    why: 'Not in the program itself: whoever reads the key out of it can be any user who is pre-authorized.',
  },
  {
    flow: 'device',
    when: { userPresent: true, canOpenBrowser: true, device: 'none' },
    why: 'It is a favourite of attackers and being restricted; a browser that can come back does not need it.',
  },
]
