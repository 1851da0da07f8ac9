import type { Fetch } from '@orgpass/core'

export const LOGIN_URL = 'https://acme.my.salesforce.com'

/**
 * Answers for Salesforce at once, so that only the kit and the store are measured: each grant is of a user of its own,
 * a renewal brings other tokens, and calls refuse a token that `expire` was told about.
 */
export function fakeSalesforce(): { readonly fetch: Fetch; expire(): void } {
  let users = 0
  let generation = 0
  let tokens = 0
  return {
    expire: () => void generation++,
    fetch: async (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input)
      if (pathname !== '/services/oauth2/token') {
        const live = new Headers(init?.headers).get('authorization')?.includes(`!g${generation}.`) === true
        if (live) return Response.json({})
        return Response.json([{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }], {
          status: 401,
        })
      }
      const form = new URLSearchParams(await new Response(init?.body ?? null).text())
      const isRenewal = form.get('grant_type') === 'refresh_token'
      const user = isRenewal ? Number(form.get('refresh_token')?.split('.')[1]) : ++users
      const userId = `005${String(user).padStart(12, '0')}`
      return Response.json({
        access_token: `00D000000000001!g${generation}.${++tokens}`,
        refresh_token: `rotating${tokens}.${user}`,
        instance_url: LOGIN_URL,
        id: `${LOGIN_URL}/id/00D000000000001/${userId}`,
        issued_at: String(Date.now()),
        token_type: 'Bearer',
        scope: 'api refresh_token',
      })
    },
  }
}
