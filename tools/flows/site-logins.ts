import type { FlowName } from '../../packages/core/src/chooser/flows.ts'
import { authorizationCode, codeAndCredentials } from '../../packages/core/src/flows/index.ts'
import { clientSecretPost, openTokenEndpoint } from '../../packages/core/src/index.ts'
import type { TokenSet } from '../../packages/core/src/index.ts'
import type { Seed, Simulator } from '../../packages/simulator/src/index.ts'
import { tellWhose } from './people.ts'
import type { Stage, Story } from './story.ts'

const CLIENT_ID = '3MVG9your_portal'
const CAROL = 'carol@customer.example'
const CALLBACK = 'https://app.example/auth/callback'
const NINA = 'nina@customer.example'

/** An org with a site of customers, and an app that shows its own login pages there. */
const seed: Seed = {
  orgs: [
    {
      name: 'Shop',
      sites: [{ name: 'Customers', path: 'customers' }],
      users: [{ username: 'clerk@shop.example' }, { username: CAROL, site: 'customers' }],
    },
  ],
  apps: [
    {
      label: 'Portal',
      org: 'Shop',
      clientId: CLIENT_ID,
      callbackUrls: [CALLBACK],
      flows: { codeCredentials: true, guest: true },
      jwtAccessTokens: true,
    },
  ],
}

const site = {
  seed,
  prepare: (sim: Simulator) => ({
    SALESFORCE_LOGIN_URL: sim.org('Shop').sites[0]?.url ?? '',
    SALESFORCE_CLIENT_ID: CLIENT_ID,
    SALESFORCE_CLIENT_SECRET: sim.app(CLIENT_ID).clientSecret,
  }),
}

/** What comes by mail once the page's code has asked for it. */
async function otpOf(username: string, { sim, ran }: Stage): Promise<string> {
  await ran
  const otp = sim.lastOtp(username)
  if (otp === undefined) throw new Error(`No one-time code was sent to ${username}.`)
  return otp
}

async function logIn(username: string, password: string): Promise<TokenSet> {
  const { SALESFORCE_LOGIN_URL: loginUrl = '', SALESFORCE_CLIENT_SECRET: secret = '' } = process.env
  const endpoint = openTokenEndpoint({ loginUrl, clientId: CLIENT_ID, clientAuthentication: clientSecretPost(secret) })
  const code = await codeAndCredentials(endpoint, { username, password, redirectUri: CALLBACK })
  return authorizationCode(code.endpoint, code)
}

/** Flows of members and visitors of an Experience Cloud site. */
export const SITE_LOGINS = {
  'code-and-credentials': {
    ...site,
    play: async ({ call }) => tellWhose(await call('logIn', CAROL, 'simulator')),
    ends: `The tokens are those of ${CAROL}.`,
  },
  guest: {
    ...site,
    play: async ({ call }) => tellWhose(await call('logIn', CAROL, 'simulator')),
    ends: `The tokens are those of ${CAROL}.`,
  },
  'passwordless-login': {
    ...site,
    play: async (stage) => tellWhose(await stage.call('logIn', await otpOf(CAROL, stage))),
    ends: `The tokens are those of ${CAROL}.`,
  },
  'headless-registration': {
    ...site,
    play: async (stage) => tellWhose(await stage.call('finish', await otpOf(NINA, stage))),
    ends: `The tokens are those of ${NINA}.`,
  },
  'forgot-password': {
    ...site,
    async play(stage) {
      const password = 'a new passphrase 1'
      await stage.call('finish', await otpOf(CAROL, stage), password)
      return `With the new password: ${await tellWhose(await logIn(CAROL, password))}`
    },
    ends: `With the new password: The tokens are those of ${CAROL}.`,
  },
} satisfies Partial<Record<FlowName, Story>>
