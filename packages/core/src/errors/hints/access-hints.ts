import { ANYWHERE, APP_PAGE, TOKEN } from './hint.ts'
import type { OAuthHint } from './hint.ts'

/** Whether this app may be used, in this org and by this user. */
export const ACCESS_HINTS: readonly OAuthHint[] = [
  {
    on: ['access_denied'],
    answers: ['access_denied: end-user denied authorization', 'access_denied'],
    at: ANYWHERE,
    cause: 'The user chose Deny.',
    hint: 'Offer to connect again; say what the access is for.',
  },
  {
    on: [['invalid_app_access', 'OAUTH_APP_ACCESS_DENIED', 'NO_ACCESS']],
    answers: [
      'invalid_app_access: user is not admin approved to access this app',
      'OAUTH_APP_ACCESS_DENIED: user is not admin approved to access this app',
      'NO_ACCESS',
    ],
    at: ANYWHERE,
    cause: 'The app is for users that an administrator has approved, and this user is not one of them.',
    hint: `Assign the user's profile or a permission set: ${APP_PAGE} › Policies. With client credentials the user is the one under Run As.`,
  },
  {
    on: [['app_blocked', 'fail_close_app_blocked', 'OAUTH_APP_BLOCKED']],
    answers: ['OAUTH_APP_BLOCKED: this app is blocked by admin', 'app_blocked', 'fail_close_app_blocked'],
    at: ANYWHERE,
    cause: 'An administrator has blocked the app in this org.',
    hint: 'Unblock it at Setup › Connected Apps OAuth Usage.',
  },
  {
    on: [['OAUTH_EC_APP_NOT_FOUND', 'app_not_found']],
    answers: ['OAUTH_EC_APP_NOT_FOUND: External client app is not installed in this org', 'app_not_found'],
    at: ANYWHERE,
    cause: 'The External Client App is not installed in this org.',
    hint: 'Set the login URL to the My Domain of the org that owns the app, or package and install the app.',
  },
  {
    on: ['installation_error'],
    answers: ['installation_error'],
    at: ANYWHERE,
    cause: 'Salesforce tried to install the app into this org by itself and failed.',
    hint: "Install the app's package by hand: Setup › Installed Packages shows whether it is there.",
  },
  {
    on: [['OAUTH_AUTHORIZATION_BLOCKED', 'invalid_distribution_state']],
    answers: [
      'OAUTH_AUTHORIZATION_BLOCKED: Cross-org OAuth flows are not supported for this external client app',
      'invalid_distribution_state',
    ],
    at: ANYWHERE,
    cause: 'The External Client App is Local: it works only in the org that owns it.',
    hint: `Set the login URL to that org's My Domain, or change the distribution state at ${APP_PAGE}. A browser that is logged in to another org: try a private window.`,
  },
  {
    on: ['OAUTH_APPROVAL_ERROR_GENERIC'],
    answers: [
      'OAUTH_APPROVAL_ERROR_GENERIC: An unexpected error has occurred during authentication. Please try again.',
      'OAUTH_APPROVAL_ERROR_GENERIC: An unexpected error has occured during authentication. Please try again.',
    ],
    at: ['authorize'],
    cause: 'The app is not installed, lacks a scope, or the user may use the API only.',
    hint: `Check ${APP_PAGE} › Settings › Selected OAuth Scopes, and the user's licence.`,
  },
  {
    on: ['oauth_flow_disabled', /user-agent flow/i],
    answers: ['oauth_flow_disabled: user-agent flow has been disabled'],
    at: ['authorize'],
    cause: 'The org blocks the user-agent flow, and with it the hybrid ones.',
    hint: 'Use the web server flow with PKCE. Setup › OAuth and OpenID Connect Settings › Allow OAuth User-Agent Flows would allow it again.',
  },
  {
    on: ['oauth_flow_disabled'],
    answers: ['oauth_flow_disabled: The external client app or the OAuth plugin is disabled.', 'oauth_flow_disabled'],
    at: ANYWHERE,
    cause: 'The app, its OAuth settings or this flow is switched off.',
    hint: `Enable it at ${APP_PAGE} › Policies › Enable Flow, or at Setup › OAuth and OpenID Connect Settings.`,
  },
  {
    on: [['ecapp_policy_not_found', 'oauth_policy_not_found']],
    answers: ['ecapp_policy_not_found', 'oauth_policy_not_found'],
    at: TOKEN,
    cause: 'The External Client App has no policies in this org yet.',
    hint: `Open ${APP_PAGE} › Policies, edit and save: that creates them. A packaged app needs it in every org.`,
  },
  {
    on: ['invalid_session_level'],
    answers: ['invalid_session_level'],
    at: ANYWHERE,
    cause: 'The app wants a session of higher assurance than this login gave.',
    hint: `Let the user log in again with multi-factor authentication, or lower ${APP_PAGE} › Policies › Session Policies.`,
    needsLogin: true,
  },
  {
    on: ['immediate_unsuccessful'],
    answers: ['immediate_unsuccessful: immediate unsuccessful'],
    at: ['authorize'],
    cause: 'A login without any page was asked for, and Salesforce needs to show one.',
    hint: 'Log in without immediate.',
    needsLogin: true,
  },
  {
    on: ['app_attest_failed'],
    answers: ['app_attest_failed'],
    at: TOKEN,
    cause: 'The app demands proof that it runs unchanged on a genuine phone, and did not get it.',
    hint: `Only Salesforce's Mobile SDK can give it. Use an app without it: ${APP_PAGE} › Policies.`,
  },
  {
    on: ['inactive_org'],
    answers: ['inactive_org: organization is locked, closed, or suspended', 'inactive_org'],
    at: ANYWHERE,
    cause: 'The org is locked, closed or suspended.',
    hint: 'Its administrator has to talk to Salesforce.',
    grantLives: true,
  },
]
