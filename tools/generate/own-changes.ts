import type { MEANINGS } from './own-meanings.ts'

const AGAIN = 'Start the login again.'
const HOST = 'Check that the login URL is a Salesforce host and that no proxy rewrites its answers.'
const CLOCK = "Set this server's clock by NTP."
const LOG_IN = 'Send the person to the login route, or connect again.'

/** What to change about the kit's own errors, in general; the `hint` of an error knows the case. */
export const CHANGES: Readonly<Record<keyof typeof MEANINGS, string>> = {
  'config/invalid': 'Each fault names an option, or the variable it is read from, and what belongs there.',
  'config/duplicate-name': 'Mount the middleware once, or give each kit an option `name` of its own.',
  'config/not-mounted': 'Mount the middleware above the routes that use it.',

  'net/unreachable': 'Check the login URL, DNS, and any proxy or firewall between this server and Salesforce.',
  'net/connection-lost': 'Call again; before repeating a change, see whether it was made.',
  'net/timeout': 'Call again; if it stays slow, raise `timeout` or look at the network in between.',
  'net/aborted': 'Nothing, if the signal was meant.',
  'net/redirected': 'Set the login URL to the host that answers, usually the My Domain, with https.',
  'net/server-error': 'Call again in a while. status.salesforce.com shows maintenance.',
  'net/not-json': 'Check the login URL, its path included, and any proxy in front of it.',
  'net/too-large': 'Check the login URL: something other than Salesforce answers there.',

  'callback/opened-directly': 'Start at the login route; the callback is for Salesforce to return to.',
  'callback/transaction-missing':
    'Start again in one tab, and let browsers use one address of the app: `APP_BASE_URL`.',
  'callback/expired': AGAIN,
  'callback/evicted': 'Start again. If nobody clicked that often, something on the page starts logins by itself.',
  'callback/already-used': 'Start again; a callback must not be reloaded.',
  'callback/other-host':
    'Set `APP_BASE_URL` to the one host that browsers use, and register its callback with the app.',
  'callback/plain-http': 'Redirect http to https before the login starts.',
  'callback/framed': 'Open the login in a window of its own.',
  'callback/denied': 'Offer to connect again; say what the access is for.',
  'callback/refused': 'Look at the cause: its hint names the Setup page.',
  'callback/code-missing': AGAIN,
  'callback/foreign-community': 'If the site is yours, add its host to `trustedHosts`, or set the login URL to it.',
  'callback/org-not-allowed': 'Log in to another org, or add this one to `allowedOrgs`.',
  'callback/login-refused': 'Look at the cause: it is what `onLogin` threw.',
  'callback/connection-refused': 'Look at the cause: it is what `onConnect` threw.',
  'callback/owner-changed': 'Sign in to the app as the one the org is for, and connect it again.',
  'callback/owner-missing': 'Sign in to the app and connect again; if you are, look at the option `owner`.',
  'callback/other-org': 'Log in to the expected org, with `prompt=login` if need be, or start a new connection.',
  'callback/state-mismatch': 'Start again: the login was begun elsewhere, or somebody else made the link.',
  'callback/malformed': AGAIN,

  'token/malformed-answer': HOST,
  'token/foreign-instance': 'If the org answers on a custom domain, add that host to `trustedHosts`.',
  'token/signature-mismatch':
    'After a rotation of the Consumer Secret, give both: `clientSecret` takes a list, newest first.',
  'token/org-changed': 'Log in again; after a change of the Run As user, make a new connection.',
  'token/id-token-missing': 'Assign the scope openid to the app, or take it out of `scope`.',
  'token/id-token-invalid': `${AGAIN} If it stays so, a proxy answers in place of Salesforce.`,
  'token/id-token-expired': CLOCK,
  'token/id-token-issuer': "Set the login URL to the org's My Domain in place of login.salesforce.com.",
  'token/id-token-audience': AGAIN,
  'token/id-token-nonce': AGAIN,
  'token/id-token-subject': AGAIN,
  'token/refresh-missing': `${LOG_IN} To avoid it, ask for the scope refresh_token and assign it to the app.`,
  'token/grant-ended': `${LOG_IN} If it keeps happening, look at the Refresh Token Policy of the app.`,
  'token/refresh-answer-lost': LOG_IN,
  'token/refresh-busy': 'Call again. With several processes, configure a session store.',
  'token/lease-lost': 'Call again. If it keeps happening, the store is slow or clocks differ.',
  'token/body-consumed': 'Call again with a new stream, or send the body as text or bytes.',
  'token/refused-at-once': 'Look at Setup › Session Settings: sessions locked to an IP address, or to a domain.',
  'token/foreign-host': 'Give a path that begins with a slash: it is called on the org of the token.',
  'token/dpop-key-missing':
    'Set the option `dpop` to the key that the token was made with, or log in again without it.',
  'token/not-bound': 'See whether the app allows DPoP, and whether a proxy drops the `DPoP` header.',
  'token/assertion-invalid': 'Give what the flow names: a signed `Assertion`, or a `Response` with one.',
  'token/subject-too-long': 'Ask the identity provider for a token with fewer claims.',
  'token/access-token-invalid':
    'Turn on JWT-based access tokens of the app, and send the access token, not the ID token.',
  'token/access-token-expired': `The caller renews its token. ${CLOCK}`,
  'token/access-token-issuer': 'Add the My Domain of the caller to `issuers`, if it may call you.',
  'token/access-token-audience': 'Add the Consumer Key of the calling app to `clientIds`, if it may call you.',
  'token/access-token-org': 'Add the org of the caller to `allowedOrgs`, if it may call you.',
  'token/access-token-ended': 'The caller renews its token; it must be one that this app may introspect.',
  'token/access-token-bound': 'The caller asks for a token without DPoP.',
  'token/unverifiable': 'Call again. If it keeps happening, see whether this server reaches the issuer.',
  'token/asset-token-invalid': 'Send the asset token as it was issued.',
  'token/asset-token-expired': `The device gets a new asset token. ${CLOCK}`,
  'token/asset-token-issuer': 'Give the My Domain of the org whose devices may call you as `issuer`.',
  'token/asset-token-audience': 'Give the audience that the app issues asset tokens for as `audience`.',

  'device/denied': 'Start again if the person wants to after all.',
  'device/expired': 'Start again and show the new code.',
  'device/code-refused': 'Start again, and poll a code in one place only.',
  'device/aborted': 'Nothing, if the signal was meant.',
  'device/malformed-answer': HOST,

  'rest/unrecognized': "Read Salesforce's own words in the message.",

  'session/missing': 'Send the browser to the login route, or guard the route with `requiresAuth()`.',
  'session/ended': 'Send the browser to the login route.',
  'session/too-large': 'Keep less session data, or configure a session store.',
  'session/data-invalid': 'Keep ids and small settings there; the rest belongs in a database.',
  'session/response-started': 'Ask for the access token before you write the response, or configure a session store.',
  'session/store-failed': 'See that the store is up and can be reached from this process.',

  'connection/not-found': 'Take an id from the list of connections, or connect the org again.',
  'connection/needs-reconnect': 'Let the owner reconnect it: it keeps its id.',
  'connection/unreadable': 'Put the old secret back behind the newest one, then run `connections.reseal()`.',
  'connection/store-failed': 'Check that the store is up and reachable, then call again.',
  'connection/owner-missing': 'Sign in to the app first; check what the option `owner` answers.',
  'connection/alias-invalid': 'Use 1 to 100 characters in one line.',
  'connection/alias-taken': 'Choose another alias, or reconnect that connection.',
  'connection/user-taken': 'Reconnect the connection that is named, or log in as another user.',
  'connection/login-host': 'Write `production`, `sandbox` or a My Domain; list custom domains in `trustedHosts`.',

  'request/cross-origin': 'Send it from a page of the app. If that is where it came from, correct `APP_BASE_URL`.',
  'request/not-a-navigation': 'Link to the login route, or set `location` to it.',
  'request/body-too-large': 'Send no more than 64 KiB to the auth routes.',
  'request/body-unreadable': 'Mount the middleware above whatever reads bodies; if the body broke off, send it again.',
  'request/unknown-tenant': 'Check the address, and what the function given to `createTenancy` answers for it.',
  'request/forbidden': 'Give the user what is missing in Salesforce, or ask for less.',
  'request/bearer-missing': 'The caller sends `Authorization: Bearer` and its access token.',
  'request/bearer-malformed': 'The caller sends the token once, in the `Authorization` header.',
  'request/unsendable': 'Look for a line break or a space in it: it may have been cut or copied wrongly.',

  'guard/scope-missing': 'Assign the scope that the hint names to the app, ask for it, and log in again.',
  'guard/fact-refused': 'See what Salesforce says in the cause: the user lacks the right to ask.',
  'guard/fact-unavailable': 'Call again.',
}
