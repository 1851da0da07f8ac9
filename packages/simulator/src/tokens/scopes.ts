/** Every scope the server knows, in the order in which it prints them. */
export const allScopes: readonly string[] = [
  'cdp_ingest_api',
  'custom_permissions',
  'cdp_segment_api',
  'content',
  'cdp_api',
  'chatbot_api',
  'cdp_identityresolution_api',
  'interaction_api',
  'wave_api',
  'web',
  'cdp_calculated_insight_api',
  'einstein_gpt_api',
  'offline_access',
  'id',
  'api',
  'data_cloud_user_claims',
  'eclair_api',
  'email',
  'pardot_api',
  'lightning',
  'visualforce',
  'cdp_query_api',
  'sfap_api',
  'address',
  'openid',
  'profile',
  'scrt_api',
  'cdp_profile_api',
  'refresh_token',
  'phone',
  'user_registration_api',
  'pwdless_login_api',
  'chatter_api',
  'mcp_api',
  'full',
  'forgot_password',
]

/** Token answers begin with `refresh_token` and follow discovery's order otherwise, whatever was asked. */
export function inServerOrder(scopes: readonly string[]): string[] {
  const rank = (scope: string): number => {
    if (scope === 'refresh_token' || scope === 'offline_access') return -1
    const index = allScopes.indexOf(scope)
    return index === -1 ? allScopes.length : index
  }
  return [...new Set(scopes)].toSorted((a, b) => rank(a) - rank(b))
}

export function isOffline(scopes: readonly string[]): boolean {
  return scopes.includes('refresh_token') || scopes.includes('offline_access')
}

/** `refresh_token` and `offline_access` are one scope under two names. */
export function includesScope(scopes: readonly string[], scope: string): boolean {
  return scope === 'offline_access' || scope === 'refresh_token' ? isOffline(scopes) : scopes.includes(scope)
}
