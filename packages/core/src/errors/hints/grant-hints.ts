import { ANYWHERE, APP_PAGE, TOKEN } from './hint.ts'
import type { OAuthHint } from './hint.ts'

const NOT_APPROVED = 'This user has not approved the app, and the app is not pre-authorized for the user.'

/** `invalid_grant` has a dozen causes; only the description tells them apart. */
export const GRANT_HINTS: readonly OAuthHint[] = [
  {
    on: ['invalid_grant', /already being processed/i],
    answers: ['invalid_grant: token request is already being processed'],
    at: TOKEN,
    cause: 'The same refresh token is being used by another request at this moment.',
    hint: 'Wait a second and read the stored token again. With several processes, configure a session store so that they take turns.',
    retryable: true,
  },
  {
    on: ['invalid_grant', /expired access\/refresh token/i],
    answers: ['invalid_grant: expired access/refresh token'],
    at: TOKEN,
    cause:
      'The refresh token is dead: revoked, ended by policy, already rotated, or pushed out because Salesforce keeps only five approvals per user and app and a sixth login of the same user silently ends the oldest.',
    hint: `Log in again. If it keeps happening, look at ${APP_PAGE} › Policies › Refresh Token Policy, and at how many logins share one user and app.`,
    needsLogin: true,
  },
  {
    on: ['invalid_grant', /authorization code/i],
    answers: ['invalid_grant: expired authorization code', 'invalid_grant: invalid authorization code'],
    at: TOKEN,
    cause:
      'The authorization code is older than 15 minutes, was used before, or was issued to another app. A JWT that has expired is reported like this too.',
    hint: 'Start the login again; a callback must not be reloaded. Check that the client id is that of the approved app, and for a JWT the clock of this machine.',
    needsLogin: true,
  },
  {
    on: ['invalid_grant', /code.?verifier/i],
    answers: ['invalid_grant: missing code verifier'],
    at: TOKEN,
    cause: 'The login was started with a PKCE challenge, and the code came without its verifier.',
    hint: 'Start the login through this kit: it keeps the verifier until the callback.',
    needsLogin: true,
  },
  {
    on: [['invalid_grant', 'inactive_user'], /inactive.user/i],
    answers: ['invalid_grant: inactive user', 'inactive_user: user is inactive', 'inactive_user'],
    at: ANYWHERE,
    cause: 'The Salesforce user is deactivated or frozen.',
    hint: 'An administrator can reactivate the user at Setup › Users.',
  },
  {
    on: ['invalid_grant', /ip restricted|login hours/i],
    answers: ['invalid_grant: ip restricted', 'invalid_grant: ip restricted or invalid login hours'],
    at: ANYWHERE,
    cause: "The request came from outside the app's or profile's allowed IP ranges or login hours.",
    hint: `Add this server's address, or relax the rule: ${APP_PAGE} › Policies › IP Relaxation.`,
    grantLives: true,
  },
  {
    on: ['invalid_grant', /hasn.?t approved/i],
    grants: ['jwt-bearer', 'saml2-bearer', 'token-exchange'],
    answers: ["invalid_grant: user hasn't approved this consumer"],
    at: TOKEN,
    cause: `${NOT_APPROVED} A user name with another spelling or without its sandbox suffix, or at the host of another org, counts as another user; a new sandbox needs some minutes.`,
    hint: `Check the user name, with its case and, in a sandbox, its suffix, at Setup › Users, and the login host: a sandbox user logs in at test.salesforce.com or the sandbox's My Domain. Then set ${APP_PAGE} › Policies › Permitted Users to admin pre-authorized and assign a profile or permission set of the user. With JWT or SAML bearer it is as good that the user approves the app once in a browser, with the scope refresh_token.`,
  },
  {
    on: ['invalid_grant', /hasn.?t approved/i],
    answers: ["invalid_grant: user hasn't approved this consumer"],
    at: ANYWHERE,
    cause: NOT_APPROVED,
    hint: `Let the user log in once, by the name and at the login host of that very org. Or set ${APP_PAGE} › Policies › Permitted Users to admin pre-authorized and assign a profile or permission set.`,
    needsLogin: true,
  },
  {
    on: ['invalid_grant', /no valid scopes/i],
    answers: ['invalid_grant: no valid scopes defined'],
    at: TOKEN,
    cause: 'The app has no scope that this flow can give: full, web and refresh_token are left out.',
    hint: `Add api, or another scope for data, at ${APP_PAGE} › Settings › OAuth Settings › Selected OAuth Scopes.`,
  },
  {
    on: ['invalid_grant', /no client credentials user/i],
    answers: ['invalid_grant: no client credentials user enabled'],
    at: TOKEN,
    cause: 'The app has no user to run as.',
    hint: `Enter one at ${APP_PAGE} › Policies › OAuth Flows › Client Credentials Flow › Run As: the user name, not the e-mail address.`,
  },
  {
    on: ['invalid_grant', /domain/i],
    answers: ['invalid_grant: request not supported on this domain'],
    at: TOKEN,
    cause: 'The login host does not serve this request.',
    hint: "Set the login URL to the org's My Domain, https://<name>.my.salesforce.com.",
  },
  {
    on: ['invalid_grant', /audience/i],
    answers: ['invalid_grant: audience is invalid', 'invalid_grant: Audience validation failed'],
    at: TOKEN,
    cause:
      'The audience of the assertion is not one that this host accepts. A list, or a host without https://, never is.',
    hint: 'Leave audience out. If you set it: https://login.salesforce.com, https://test.salesforce.com for a sandbox, or the address of the site.',
  },
  {
    on: ['invalid_grant', /assertion/i],
    answers: ['invalid_grant: invalid assertion', 'invalid_grant: assertion expired'],
    at: TOKEN,
    cause: 'The signature does not match the certificate of the app, or the assertion is malformed or too old.',
    hint: `Upload the certificate of this very key at ${APP_PAGE} › Settings › OAuth Settings › Enable JWT Bearer Flow, and check the clock of this machine. A SAML response: Setup › Single Sign-On Settings › SAML Assertion Validator names the fault.`,
  },
  {
    on: ['invalid_grant', /device flow is not enabled/i],
    answers: ['invalid_grant: device flow is not enabled for the app'],
    at: TOKEN,
    cause: 'The app has no device flow, or is not installed in the org.',
    hint: `Enable it at ${APP_PAGE} › Settings › OAuth Settings › Enable Device Flow, and install the app if another org owns it.`,
  },
  {
    on: ['invalid_grant', /client credentials flow/i],
    answers: ['invalid_grant: client credentials flow not enabled'],
    at: TOKEN,
    cause: 'The app does not allow the client credentials flow.',
    hint: `Enable it twice: ${APP_PAGE} › Settings › OAuth Settings › Enable Client Credentials Flow, and ${APP_PAGE} › Policies.`,
  },
  {
    on: ['invalid_grant', /token exchange failed/i],
    answers: ['invalid_grant: token exchange failed'],
    at: TOKEN,
    cause: 'The device code is dead, was redeemed already, or is polled in two places.',
    hint: 'Start the device login again, and poll its code in one place.',
    needsLogin: true,
  },
  {
    on: ['invalid_grant', /activation secret/i],
    answers: ['invalid_grant: activation secret invalid'],
    at: TOKEN,
    cause: 'Salesforce wants the identity of this user verified again.',
    hint: 'Log in again. If that does not help, read the reason at Setup › Login History for this user.',
    needsLogin: true,
  },
  {
    on: ['invalid_grant', /locked out/i],
    answers: ['invalid_grant: user is temporarily locked out'],
    at: ANYWHERE,
    cause: 'Too many logins of this user failed.',
    hint: 'Wait until the lock ends, or let an administrator unlock the user at Setup › Users. Stop whatever tries the wrong password.',
    grantLives: true,
  },
  {
    on: ['invalid_grant', /authentication failure|invalid user credentials/i],
    answers: [
      'invalid_grant: authentication failure',
      'invalid_grant: authentication failure - Invalid Password',
      'invalid_grant: invalid user credentials',
    ],
    at: ANYWHERE,
    cause:
      'A wrong user name, password or security token, a policy, a login flow or missing API access stopped it; or the username-password flow is blocked. Salesforce does not say which.',
    hint: 'Log in again. If that does not help, read the reason at Setup › Login History for this user. "Username-Password Flow Disabled" there: Setup › OAuth and OpenID Connect Settings, or better another flow.',
    needsLogin: true,
  },
  {
    on: ['invalid_grant'],
    answers: ['invalid_grant'],
    at: ANYWHERE,
    cause: 'Salesforce does not accept the code, token or assertion.',
    hint: 'Log in again. Setup › Login History shows the reason for this user.',
    needsLogin: true,
  },
]
