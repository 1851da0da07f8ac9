import { html } from './html.ts'
import type { Html } from './html.ts'
import type { Demo } from './simulated.ts'

/** Says whom to log in as, on the first page of a sample that talks to the simulator. */
export function demoLogins({ url, password, logins }: Demo): Html {
  return html`<aside>
    <h2>This is a demo org</h2>
    <p>
      No org is configured, so this app talks to a <a href="${url}">simulator of Salesforce</a> on this machine. The
      password is <code>${password}</code>, and you are one of these:
    </p>
    <ul>
      ${logins.map(({ username, can }) => html`<li><code>${username}</code> ${can}</li>`)}
    </ul>
  </aside>`
}
