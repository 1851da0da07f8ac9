import { html } from '@orgpass/sample-host'
import type { Demo, Html } from '@orgpass/sample-host'

/** How this app is set up, as far as its pages tell. */
export interface Setup {
  readonly redirectUri: string
  readonly demo?: Demo
}

/** How to connect the app to a real org. */
export function ownOrg({ redirectUri, demo }: Setup): Html {
  const intro = demo
    ? 'Ten minutes, once. You need an org where you may open Setup; a free Developer Edition will do.'
    : 'This app is connected to a real org. To connect it to another one:'
  return html`<details class="card own-org">
    <summary><h2>Use your own org</h2></summary>
    <p>${intro}</p>
    <ol>
      <li>
        In Salesforce, open <b>Setup › External Client App Manager</b> and choose <b>New External Client App</b>. Set
        <b>Distribution State</b> to <b>Local</b>: the app then works in this org only.
      </li>
      <li>
        Under <b>API (Enable OAuth Settings)</b>, select <b>Enable OAuth</b> and enter this callback URL, character for
        character:
        <code class="block">${redirectUri}</code>
      </li>
      <li>
        Select four OAuth scopes: <b>Access unique user identifiers</b> (<code>openid</code>),
        <b>Access the identity URL service</b> (<code>id</code>), <b>Manage user data via APIs</b> (<code>api</code>)
        and <b>Perform requests at any time</b> (<code>refresh_token</code>).
      </li>
      <li>
        This app uses the web server flow, so no other flow needs to be enabled. Under security, select
        <b>Require secret for Web Server Flow</b>, <b>Require secret for Refresh Token Flow</b> and
        <b>Require Proof Key for Code Exchange (PKCE)</b>.
      </li>
      <li>
        Create the app. Its OAuth settings lead to <b>Consumer Key and Secret</b>; Salesforce asks for a code it sends
        by e-mail before it shows them. A new app can take ten minutes until it answers.
      </li>
      <li>
        Stop this app and start it again with five variables. The login URL is your My Domain, from
        <b>Setup › My Domain</b>; the session secret is what <code>openssl rand -base64 32</code> prints.
        <pre><code>SALESFORCE_CLIENT_ID=<i>Consumer Key</i>
SALESFORCE_CLIENT_SECRET=<i>Consumer Secret</i>
SALESFORCE_LOGIN_URL=https://<i>your-domain</i>.my.salesforce.com
APP_BASE_URL=${new URL(redirectUri).origin}
SESSION_SECRET=<i>32 random bytes</i></code></pre>
      </li>
    </ol>
  </details>`
}
