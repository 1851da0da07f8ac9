import type { HeldTokens } from '../../src/connection/held-tokens.ts'

export const base = 'https://acme.my.salesforce.com'

export const tokens = (accessToken: string): HeldTokens => ({
  accessToken,
  tokenType: 'Bearer',
  instanceUrl: base,
  refreshToken: `refresh of ${accessToken}`,
  expirySource: 'unknown',
  identity: { orgId: '00D000000000001EAA', userId: '005000000000001AAA' },
})
