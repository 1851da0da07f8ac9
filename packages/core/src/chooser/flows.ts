/** The flows of `@orgpass/core/flows`, by the names of their pages in the documentation. */
export type FlowName =
  | 'authorization-code'
  | 'refresh-token'
  | 'jwt-bearer'
  | 'client-credentials'
  | 'device'
  | 'saml-bearer'
  | 'saml-assertion'
  | 'asset-token'
  | 'token-exchange'
  | 'hybrid'
  | 'user-agent'
  | 'username-password'
  | 'code-and-credentials'
  | 'passwordless-login'
  | 'headless-registration'
  | 'forgot-password'
  | 'guest'

/** How Salesforce treats a flow in 2026. `isUncertain`: what is said of its end is reported, not announced. */
export interface FlowStatus {
  readonly level: 'recommended' | 'supported' | 'restricted' | 'retiring'
  readonly note: string
  readonly isUncertain?: true
}

export interface FlowFacts {
  readonly title: string
  /** What it is for. */
  readonly suits: string
  readonly refreshToken: 'yes' | 'no' | 'if scoped'
  readonly status: FlowStatus
  /** What to set up for an External Client App. */
  readonly needs: readonly string[]
}

/** What is said to become of the device flow. */
export const DEVICE_END = 'From 30 November 2026 reportedly only for Local apps with a localhost callback.'

const OAUTH = 'Setup › External Client App Manager › your app › Settings › OAuth Settings'
const POLICIES = 'Setup › External Client App Manager › your app › Policies'
const CALLBACK = `${OAUTH}: enter the callback URL, exactly as your app sends it.`
const SCOPES = `${OAUTH} › Selected OAuth Scopes: api for data, refresh_token to stay connected, openid to know who it is.`
const ASSERTION_SCOPES = `${OAUTH} › Selected OAuth Scopes: api for data. The flow gives no refresh token: "Perform requests at any time (refresh_token, offline_access)" is needed only where users approve the app once themselves, instead of the next step.`
const PRE_AUTHORIZED = `${POLICIES} › Permitted Users: Admin approved users are pre-authorized; assign a profile or permission set of the user.`
const CERTIFICATE = `${OAUTH} › Enable JWT Bearer Flow: upload the certificate of your RSA key (2048 bits or more, at most 4 KB).`
const OWN_HOST = "Use the org's My Domain as login URL: login.salesforce.com does not serve this flow."
const SITE = 'Use the address of the Experience Cloud site, with its path, as login URL.'
const HEADLESS = [
  SITE,
  'Setup › OAuth and OpenID Connect Settings: allow Authorization Code and Credentials Flows.',
  `${OAUTH}: Enable Authorization Code and Credentials Flow.`,
] as const
const SITE_LOGIN = 'the Login & Registration page of the site'

export const FLOWS: Readonly<Record<FlowName, FlowFacts>> = {
  'authorization-code': {
    title: 'Web server flow with PKCE',
    suits: 'people who log in with a browser: web apps, single-page, mobile and desktop apps',
    refreshToken: 'yes',
    status: { level: 'recommended', note: 'The flow Salesforce recommends.' },
    needs: [
      CALLBACK,
      SCOPES,
      `${OAUTH}: Require Proof Key for Code Exchange on. Require Secret for Web Server Flow on for a server; off, for the refresh token as well, for an app that cannot keep one.`,
    ],
  },
  'refresh-token': {
    title: 'Refresh token flow',
    suits: 'staying connected after an interactive login; the session and stored connections of this kit do it for you',
    refreshToken: 'yes',
    status: {
      level: 'recommended',
      note: 'With rotation: demanded of apps in more than two customer orgs since June 2026.',
    },
    needs: [
      SCOPES,
      `${POLICIES} › Refresh Token Policy: until revoked, or an end that suits you.`,
      `${OAUTH}: Enable Refresh Token Rotation.`,
    ],
  },
  'jwt-bearer': {
    title: 'JWT bearer flow',
    suits: 'jobs, pipelines and middleware without a person, as any user who is pre-authorized',
    refreshToken: 'no',
    status: { level: 'recommended', note: 'The flow for machines that can keep a key.' },
    needs: [CERTIFICATE, ASSERTION_SCOPES, PRE_AUTHORIZED],
  },
  'client-credentials': {
    title: 'Client credentials flow',
    suits: 'jobs without a person that always act as one and the same integration user',
    refreshToken: 'no',
    status: {
      level: 'recommended',
      note: "Salesforce's successor of the username-password flow. My Domain only.",
    },
    needs: [
      `${OAUTH}: Enable Client Credentials Flow.`,
      `${POLICIES} › OAuth Flows: enable it again and enter the user under Run As.`,
      `${OAUTH} › Selected OAuth Scopes: api or another scope for data; full, web and refresh_token do not count.`,
      OWN_HOST,
    ],
  },
  device: {
    title: 'Device flow',
    suits: 'televisions, appliances and terminals without a browser, with a person who has a phone at hand',
    refreshToken: 'yes',
    status: {
      level: 'restricted',
      note: `Only for External Client Apps and installed apps since September 2025. ${DEVICE_END}`,
      isUncertain: true,
    },
    needs: [
      `${OAUTH}: Enable Device Flow. Setup demands a callback URL all the same, and the flow never calls it: enter http://localhost.`,
      SCOPES,
      `${OAUTH}: Require Secret for Refresh Token Flow off; a device keeps no secret.`,
      'Install the app in the org, unless the org owns it.',
    ],
  },
  'saml-bearer': {
    title: 'SAML bearer assertion flow',
    suits: 'servers of a company that signs SAML anyway, without a person',
    refreshToken: 'no',
    status: { level: 'supported', note: 'Works; Salesforce prefers the JWT bearer flow.' },
    needs: [CERTIFICATE, ASSERTION_SCOPES, PRE_AUTHORIZED],
  },
  'saml-assertion': {
    title: 'SAML assertion flow',
    suits: 'calls of the API with the single sign-on of the org and without any app',
    refreshToken: 'no',
    status: { level: 'supported', note: 'A niche; one org only, not for sites.' },
    needs: [
      'Setup › Single Sign-On Settings: a SAML setting for the identity provider, whose token endpoint or login URL is the Recipient.',
      OWN_HOST,
    ],
  },
  'asset-token': {
    title: 'Asset token flow',
    suits: 'machines that are Assets in Service Cloud and identify themselves to your own services',
    refreshToken: 'no',
    status: { level: 'supported', note: 'A niche.' },
    needs: [
      `${OAUTH}: Enable Asset Tokens, with their certificate, audiences and validity.`,
      `${OAUTH} › Selected OAuth Scopes: api and openid.`,
      'An access token of somebody who may create Assets, from another flow.',
    ],
  },
  'token-exchange': {
    title: 'Token exchange flow',
    suits: "people whom your identity provider has logged in already: trade its token for one of Salesforce's",
    refreshToken: 'if scoped',
    status: { level: 'recommended', note: 'Since 2024. My Domain or site only; not in every edition.' },
    needs: [
      'An Apex class that extends Auth.Oauth2TokenExchangeHandler, and a handler for it at Setup › Token Exchange Handlers.',
      'Enable the app for the handler there, with a user to run as.',
      `${OAUTH}: Enable Token Exchange Flow.`,
      PRE_AUTHORIZED,
      OWN_HOST,
    ],
  },
  hybrid: {
    title: 'Hybrid web server flow',
    suits: 'mobile apps that show pages of the org in web views beside calling the API',
    refreshToken: 'yes',
    status: { level: 'supported', note: 'For mobile apps. Orgs that block the user-agent flow block it as well.' },
    needs: [
      CALLBACK,
      `${OAUTH} › Selected OAuth Scopes: web, lightning, visualforce or content beside api and refresh_token.`,
      `${OAUTH}: not JWT-based access tokens and Refresh Token Rotation together.`,
    ],
  },
  'user-agent': {
    title: 'User-agent flow (implicit)',
    suits: 'nothing new: tokens travel through the address bar',
    refreshToken: 'if scoped',
    status: {
      level: 'retiring',
      note: 'Called insecure by Salesforce, and orgs may block it. Retirement is reported for 20 February 2027.',
      isUncertain: true,
    },
    needs: [CALLBACK, 'Setup › OAuth and OpenID Connect Settings: Allow OAuth User-Agent Flows.'],
  },
  'username-password': {
    title: 'Username-password flow',
    suits: 'existing connected apps, and a try-out in an org of your own',
    refreshToken: 'no',
    status: {
      level: 'retiring',
      note: 'Blocked by default in orgs since Summer ’23, absent from External Client Apps. The end is reported for 20 February 2027, or for Winter ’27.',
      isUncertain: true,
    },
    needs: [
      'An existing connected app: External Client Apps do not have the flow.',
      'Setup › OAuth and OpenID Connect Settings: Allow OAuth Username-Password Flows.',
      "The user's security token, or this machine's address under Setup › Network Access.",
    ],
  },
  'code-and-credentials': {
    title: 'Headless login with a password',
    suits: 'members of an Experience Cloud site who log in on a page of your own',
    refreshToken: 'yes',
    status: { level: 'supported', note: 'For external users only, not for employees.' },
    needs: [...HEADLESS, CALLBACK],
  },
  'passwordless-login': {
    title: 'Headless login with a one-time code',
    suits: 'members of an Experience Cloud site who log in without a password on a page of your own',
    refreshToken: 'yes',
    status: { level: 'supported', note: 'For external users only, not for employees.' },
    needs: [...HEADLESS, CALLBACK, `Allow passwordless login on ${SITE_LOGIN}.`],
  },
  'headless-registration': {
    title: 'Headless registration',
    suits: 'visitors of an Experience Cloud site who sign up on a page of your own',
    refreshToken: 'yes',
    status: { level: 'supported', note: 'For external users only, not for employees.' },
    needs: [...HEADLESS, CALLBACK, `Allow registration, with a registration handler, on ${SITE_LOGIN}.`],
  },
  'forgot-password': {
    title: 'Headless forgotten password',
    suits: 'members of an Experience Cloud site who set a new password on a page of your own',
    refreshToken: 'no',
    status: { level: 'supported', note: 'For external users only, not for employees. Logs nobody in.' },
    needs: [SITE, `Allow password resets on ${SITE_LOGIN}.`],
  },
  guest: {
    title: 'Headless guest flow',
    suits: 'visitors of an Experience Cloud site who have not logged in yet',
    refreshToken: 'no',
    status: { level: 'supported', note: 'With JWT-based access tokens only.' },
    needs: [...HEADLESS, CALLBACK, `${OAUTH}: issue JWT-based access tokens, for guests too.`],
  },
}
