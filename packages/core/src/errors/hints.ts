import type { OAuthErrorName } from './codes.ts'

/** What to do about one answer of Salesforce. The first row that fits wins; a row without a pattern fits every description. */
export interface OAuthHint {
  readonly on: readonly [error: OAuthErrorName | readonly OAuthErrorName[], description?: RegExp]
  readonly cause: string
  readonly hint: string
  readonly retryable?: true
  readonly needsLogin?: true
}

const APP_PAGE = 'Setup › External Client App Manager › your app'

/** One table for the token endpoint and the authorize redirect: Salesforce uses the same words at both. */
export const OAUTH_HINTS: readonly OAuthHint[] = [
  {
    on: ['invalid_grant', /already being processed/i],
    cause: 'The same refresh token is being used by another request at this moment.',
    hint: 'Wait a second and read the stored token again. With several processes, configure a session store so that they take turns.',
    retryable: true,
  },
  {
    on: ['invalid_grant', /expired access\/refresh token/i],
    cause:
      'The refresh token is dead: revoked, ended by policy, already rotated, or pushed out because Salesforce keeps only five approvals per user and app and a sixth login of the same user silently ends the oldest.',
    hint: `Log in again. If it keeps happening, look at ${APP_PAGE} › Policies › Refresh Token Policy, and at how many logins share one user and app.`,
    needsLogin: true,
  },
  {
    on: ['invalid_grant', /authorization code/i],
    cause: 'The authorization code is older than 15 minutes, was used before, or was issued to another app.',
    hint: 'Start the login again; a callback must not be reloaded. Check that the client id is that of the approved app.',
    needsLogin: true,
  },
  {
    on: [['invalid_grant', 'inactive_user'], /inactive.user/i],
    cause: 'The Salesforce user is deactivated or frozen.',
    hint: 'An administrator can reactivate the user at Setup › Users.',
    needsLogin: true,
  },
  {
    on: ['invalid_grant', /ip restricted|login hours/i],
    cause: "The request came from outside the app's or profile's allowed IP ranges or login hours.",
    hint: `Add this server's address, or relax the rule: ${APP_PAGE} › Policies › IP Relaxation.`,
    needsLogin: true,
  },
  {
    on: ['invalid_grant', /hasn.?t approved/i],
    cause: 'This user has not approved the app, and the app is not pre-authorized for the user.',
    hint: `Set ${APP_PAGE} › Policies › Permitted Users to admin pre-authorized and assign a profile or permission set, or let the user log in once.`,
    needsLogin: true,
  },
  {
    on: ['invalid_grant', /domain/i],
    cause: 'The login host does not serve this request.',
    hint: "Set the login URL to the org's My Domain, https://<name>.my.salesforce.com.",
  },
  {
    on: ['invalid_grant', /authentication failure|activation secret/i],
    cause: 'A policy, a login flow, missing API access or a wrong secret stopped it; Salesforce does not say which.',
    hint: 'Log in again. If that does not help, read the reason at Setup › Login History for this user.',
    needsLogin: true,
  },
  {
    on: ['invalid_grant'],
    cause: 'Salesforce does not accept the code or refresh token any more.',
    hint: 'Log in again. Setup › Login History shows the reason for this user.',
    needsLogin: true,
  },
  {
    on: ['invalid_client_id'],
    cause:
      'This host knows no app with that client id: a typing error, an app of another org, an app that is not installed in this org, or one created less than ten minutes ago.',
    hint: "Copy the Consumer Key again, set the login URL to the org's My Domain, and give a new app ten minutes.",
  },
  {
    on: ['invalid_client', /installed/i],
    cause: 'The app is not installed in this org and the user may not approve uninstalled apps.',
    hint: 'An administrator can install the app, or grant the permission Approve Uninstalled Connected Apps.',
  },
  {
    on: ['invalid_client'],
    cause: 'The client secret or assertion is wrong.',
    hint: `Copy the Consumer Secret again: ${APP_PAGE} › Settings › OAuth Settings. After a rotation both sides need the new one.`,
  },
  {
    on: [['invalid_request', 'redirect_uri_missing'], /code.?challenge|redirect_uri/i],
    cause: 'The request carried no PKCE challenge, or no callback URL.',
    hint: 'Start the login through this kit: it always sends both.',
  },
  {
    on: ['invalid_request', /code.?verifier/i],
    cause: 'The PKCE verifier does not belong to this authorization code.',
    hint: 'Start the login again in one browser tab.',
    needsLogin: true,
  },
  {
    on: ['invalid_request', /scope parameter/i],
    cause: 'Salesforce refuses the scope parameter at the token endpoint.',
    hint: `Set scopes on the app: ${APP_PAGE} › Settings › OAuth Settings.`,
  },
  {
    on: ['invalid_request'],
    cause: 'Salesforce could not read the request.',
    hint: 'Use https for the login URL; a plain http address loses the request body on the way.',
  },
  {
    on: ['redirect_uri_mismatch'],
    cause: 'The callback URL is not one of those registered with the app, character for character.',
    hint: `Add it at ${APP_PAGE} › Settings › OAuth Settings › Callback URL. It is your baseUrl followed by /auth/callback.`,
  },
  {
    on: ['invalid_scope'],
    cause: 'A requested scope is unknown or not assigned to the app.',
    hint: `Assign it at ${APP_PAGE} › Settings › OAuth Settings › Selected OAuth Scopes, or ask for less with the scope option.`,
  },
  {
    on: ['access_denied'],
    cause: 'The user chose Deny.',
    hint: 'Offer to connect again; say what the access is for.',
  },
  {
    on: [['invalid_app_access', 'OAUTH_APP_ACCESS_DENIED']],
    cause: 'The app is for users that an administrator has approved, and this user is not one of them.',
    hint: `Assign the user's profile or a permission set: ${APP_PAGE} › Policies.`,
  },
  {
    on: [['app_blocked', 'fail_close_app_blocked', 'OAUTH_APP_BLOCKED']],
    cause: 'An administrator has blocked the app in this org.',
    hint: 'Unblock it at Setup › Connected Apps OAuth Usage.',
  },
  {
    on: ['OAUTH_EC_APP_NOT_FOUND'],
    cause: 'The External Client App is not installed in this org.',
    hint: 'Set the login URL to the My Domain of the org that owns the app, or package and install the app.',
  },
  {
    on: ['OAUTH_AUTHORIZATION_BLOCKED'],
    cause: 'The External Client App is Local: it works only in the org that owns it.',
    hint: `Set the login URL to that org's My Domain, or change the distribution state at ${APP_PAGE}.`,
  },
  {
    on: ['OAUTH_APPROVAL_ERROR_GENERIC'],
    cause: 'The app is not installed, lacks a scope, or the user may use the API only.',
    hint: `Check ${APP_PAGE} › Settings › Selected OAuth Scopes, and the user's licence.`,
  },
  {
    on: ['oauth_flow_disabled'],
    cause: 'The app, its OAuth settings or this flow is switched off.',
    hint: `Enable it at ${APP_PAGE} › Policies › Enable Flow, or at Setup › OAuth and OpenID Connect Settings.`,
  },
  {
    on: [['unsupported_grant_type', 'unsupported_response_type']],
    cause: 'The app does not allow this flow, or the request body was lost in a redirect from http to https.',
    hint: `Use an https login URL and enable the flow at ${APP_PAGE} › Policies.`,
  },
  {
    on: ['immediate_unsuccessful'],
    cause: 'A login without any page was asked for, and Salesforce needs to show one.',
    hint: 'Log in without immediate.',
    needsLogin: true,
  },
  {
    on: ['rate_limit_exceeded'],
    cause: 'This user logged in more than 3,600 times within an hour.',
    hint: 'Wait an hour and reuse tokens instead of logging in for every call.',
    retryable: true,
  },
  {
    on: ['inactive_org'],
    cause: 'The org is locked, closed or suspended.',
    hint: 'Its administrator has to talk to Salesforce.',
  },
  {
    on: [['invalid_token', 'unsupported_token_type']],
    cause: 'The token is not known, or is dead already.',
    hint: 'Log in again if it is still needed.',
    needsLogin: true,
  },
  {
    on: [['server_error', 'service_unavailable', 'system_down', 'unknown_error']],
    cause: 'Salesforce could not answer just now.',
    hint: 'Try again shortly; status.salesforce.com shows maintenance.',
    retryable: true,
  },
]

/** Advice for an `error` that stands in no row. */
export const UNRECOGNIZED_HINT =
  'Setup › Login History for this user usually names the reason. The error and its description are on this error object.'

export function findOAuthHint(error: string, description = ''): OAuthHint | undefined {
  // Some errors say it in their name and some in their description.
  const words = `${error} ${description}`
  return OAUTH_HINTS.find(
    ({ on: [names, pattern] }) => [names].flat().some((name) => name === error) && (pattern?.test(words) ?? true),
  )
}
