import { openWire } from './wire.ts'
import type { Wire } from './wire.ts'

export const HEADLESS = '3MVG9headless_app'
export const HEADLESS_SECRET = '1955279925675241571'

/** A simulator with a site of customers, and an app that shows its own login pages. */
export function openHeadlessWire(): Promise<Wire> {
  return openWire({
    orgs: [
      {
        name: 'Umbrella',
        sites: [{ name: 'Customers', path: 'customers' }],
        users: [{ username: 'uma@umbrella.example' }, { username: 'eve@client.example', site: 'customers' }],
      },
    ],
    apps: [
      {
        label: 'Headless',
        org: 'Umbrella',
        clientId: HEADLESS,
        clientSecret: HEADLESS_SECRET,
        callbackUrls: ['http://localhost:3000/auth/callback'],
        scopes: ['openid', 'id', 'api', 'refresh_token'],
        flows: { codeCredentials: true, guest: true },
        jwtAccessTokens: true,
      },
    ],
  })
}

export function siteOf({ sim }: Wire): string {
  const [site] = sim.org('Umbrella').sites
  if (site === undefined) throw new Error('The seed has no site.')
  return site.url
}
