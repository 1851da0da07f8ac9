import { dpopAlgorithms } from '../dpop/proof.ts'
import { json } from '../http/response-format.ts'
import { to15 } from '../ids.ts'
import { allScopes } from '../tokens/scopes.ts'
import type { EndpointContext, World } from '../world.ts'

const claims = [
  'active',
  'address',
  'email',
  'email_verified',
  'family_name',
  'given_name',
  'is_app_installed',
  'language',
  'locale',
  'name',
  'nickname',
  'organization_id',
  'phone_number',
  'phone_number_verified',
  'photos',
  'picture',
  'preferred_username',
  'profile',
  'sub',
  'updated_at',
  'urls',
  'user_id',
  'user_type',
  'zoneinfo',
]

/** The issuer is the base as addressed, a site's path included; single logout exists on org hosts only. */
export function discovery(_world: World, context: EndpointContext): Response {
  const { base, org } = context.env.place
  const oauth = `${base}/services/oauth2`
  const logout = org && {
    end_session_endpoint: `${base}/services/auth/idp/oidc/logout`,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: false,
  }
  return json(context, {
    ...logout,
    issuer: base,
    authorization_endpoint: `${oauth}/authorize`,
    token_endpoint: `${oauth}/token`,
    revocation_endpoint: `${oauth}/revoke`,
    userinfo_endpoint: `${oauth}/userinfo`,
    jwks_uri: `${base}/id/keys`,
    registration_endpoint: `${oauth}/register`,
    introspection_endpoint: `${oauth}/introspect`,
    scopes_supported: allScopes,
    response_types_supported: ['code', 'token', 'token id_token'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    display_values_supported: ['page', 'popup', 'touch'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
    code_challenge_methods_supported: ['S256'],
    dpop_signing_alg_values_supported: dpopAlgorithms,
    claims_supported: claims,
  })
}

/** What Salesforce tells its mobile apps about an org's login page, before anybody logs in. */
export function authConfiguration(_world: World, context: EndpointContext): Response | Promise<Response> {
  const { base, org } = context.env.place
  if (!org) return context.notFound()
  return json(context, {
    OrgId: to15(org.id),
    Url: base,
    MobileSDK: {
      UseiOSNativeBrowserForAuthentication: false,
      UseAndroidNativeBrowserForAuthentication: false,
      shareBrowserSessionIOS: false,
      shareBrowserSessionAndroid: false,
    },
    LoginPage: null,
    SamlProviders: [],
    AuthProviders: [],
    CertificateLogin: null,
    LoginPageType: 'standard',
    LoginPageTypeConfigs: {},
  })
}
