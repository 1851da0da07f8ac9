/** Salesforce's own scopes. Custom scopes, which an org defines for other people's APIs, are none of them. */
const OWN_SCOPES: ReadonlySet<string> = new Set(
  (
    'address api cdp_api cdp_calculated_insight_api cdp_identityresolution_api cdp_ingest_api cdp_profile_api ' +
    'cdp_query_api cdp_segment_api chatbot_api chatter_api content custom_permissions data_cloud_user_claims ' +
    'eclair_api einstein_gpt_api email forgot_password full id interaction_api lightning mcp_api openid pardot_api ' +
    'phone profile pwdless_login_api scrt_api sfap_api user_registration_api visualforce wave_api web'
  ).split(' '),
)

const INCLUDED: Readonly<Record<string, readonly string[]>> = {
  api: ['chatter_api'],
  web: ['visualforce'],
  id: ['profile', 'email', 'address', 'phone'],
}

/**
 * Whether granted scopes cover one that is needed, by Salesforce's own rules: `full` covers all of Salesforce's scopes
 * but not `refresh_token`, which is the same as `offline_access`; `api` covers `chatter_api`, `web` covers
 * `visualforce`, `id` covers `profile`, `email`, `address` and `phone`. Custom scopes are covered by themselves only.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_tokens_scopes.htm
 */
export function coversScope(granted: readonly string[], needed: string): boolean {
  if (needed === 'refresh_token' || needed === 'offline_access') {
    return granted.includes('refresh_token') || granted.includes('offline_access')
  }
  return (
    granted.includes(needed) ||
    (granted.includes('full') && OWN_SCOPES.has(needed)) ||
    granted.some((scope) => Object.hasOwn(INCLUDED, scope) && INCLUDED[scope]?.includes(needed) === true)
  )
}
