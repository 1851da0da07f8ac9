import type { Demo } from '../simulated.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'

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
        In Salesforce, open <b>Setup › External Client App Manager</b> and choose <b>New External Client App</b>. Leave
        <b>Distribution State</b> at <b>Local</b>: the app then works in this org only.
      </li>
      <li>
        Under <b>API (Enable OAuth Settings)</b>, enable OAuth and enter the callback URL exactly like this:
        <code class="block">${redirectUri}</code>
      </li>
      <li>
        Select these OAuth scopes: <b>Access unique user identifiers</b> (<code>openid</code>),
        <b>Access the identity URL service</b> (<code>id</code>), <b>Manage user data via APIs</b> (<code>api</code>)
        and <b>Perform requests at any time</b> (<code>refresh_token</code>).
      </li>
      <li>
        Keep <b>Require Secret for Web Server Flow</b> and <b>Require Secret for Refresh Token Flow</b> switched on, and
        switch on <b>Require Proof Key for Code Exchange (PKCE)</b>. The web server flow is the one that starts with a
        click on Connect; no other needs to be enabled.
      </li>
      <li>
        Create the app, then copy <b>Consumer Key</b> and <b>Consumer Secret</b> from <b>Settings › OAuth Settings</b>.
        A new app needs up to ten minutes before it answers.
      </li>
      <li>
        Start this app with five variables. The login URL is your My Domain, from <b>Setup › My Domain</b>.
        <pre><code>SALESFORCE_CLIENT_ID=<i>the Consumer Key</i>
SALESFORCE_CLIENT_SECRET=<i>the Consumer Secret</i>
SALESFORCE_LOGIN_URL=https://<i>your-domain</i>.my.salesforce.com
APP_BASE_URL=${new URL(redirectUri).origin}
SESSION_SECRET=<i>what</i> openssl rand -base64 32 <i>prints</i></code></pre>
      </li>
    </ol>
  </details>`
}
