import { document } from './document.ts'
import { html } from '@orgpass/sample-host'
import type { Demo, Html } from '@orgpass/sample-host'
import { ownOrg } from './own-org.ts'
import type { Setup } from './own-org.ts'

export interface Landing extends Setup {
  /** Whether the visitor has just disconnected. */
  readonly left: boolean
}

/** For who is not logged in: what this is, what will happen, and one button. */
export function landing({ left, ...setup }: Landing): Html {
  return document({
    title: 'Connect to Salesforce',
    main: html`${left ? farewell : undefined}
      <div class="hero">
        <section>
          <h1>Your accounts, <br />straight from Salesforce</h1>
          <p class="lead">Connect your org to see its accounts here, search them, and rename them in place.</p>
          <p><a class="button" href="/auth/login">Connect to Salesforce</a></p>
        </section>
        ${setup.demo && demoLogins(setup.demo)}
      </div>
      <section aria-labelledby="steps">
        <h2 id="steps">What will happen</h2>
        <ol class="steps">
          <li>
            <h3>You log in at Salesforce</h3>
            <p>On Salesforce’s own page. This app never sees your password.</p>
          </li>
          <li>
            <h3>You allow the access</h3>
            <p>To know who you are, to use what you may use, and to stay connected until you disconnect.</p>
          </li>
          <li>
            <h3>You come back here</h3>
            <p>With your accounts. Disconnect whenever you like: the access is then revoked at Salesforce, too.</p>
          </li>
        </ol>
      </section>
      ${ownOrg(setup)}`,
  })
}

const farewell = html`<p class="note" role="status">
  You are disconnected. This app’s access is being revoked at Salesforce.
</p>`

function demoLogins({ url, password, logins }: Demo): Html {
  return html`<section class="card demo" aria-labelledby="demo">
    <h2 id="demo">This is a demo org</h2>
    <p>
      No org is configured, so this app talks to a <a href="${url}">simulator of Salesforce</a>. Nothing leaves this
      machine. Log in as one of these, with the password <code>${password}</code>:
    </p>
    <table role="table" class="logins">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">Username</th>
          <th role="columnheader" scope="col">This user</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${logins.map(
          ({ username, can }) =>
            html`<tr role="row">
              <th role="rowheader" scope="row"><code>${username}</code></th>
              <td role="cell">${can}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}
