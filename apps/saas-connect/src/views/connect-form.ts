import { html } from '@orgpass/sample-host'
import type { Demo, Html } from '@orgpass/sample-host'

export function connectForm(demo: Demo | undefined): Html {
  return html`<section>
    <h2>Connect an org</h2>
    <form method="post" action="/auth/connect">
      <p>
        <label>Where its people log in ${demo === undefined ? typedHost : orgChoice(demo)}</label>
      </p>
      <p>
        <label>What you call it <input name="alias" maxlength="100" /></label>
      </p>
      <input type="hidden" name="returnTo" value="/connections" />
      <input type="hidden" name="prompt" value="login" />
      <button>Connect</button>
    </form>
    ${demo && loginHints(demo)}
  </section>`
}

const typedHost = html`<input name="loginHost" list="login-hosts" placeholder="acme.my.salesforce.com" required />
  <datalist id="login-hosts">
    <option value="production"></option>
    <option value="sandbox"></option>
  </datalist>
  <span>production, sandbox, or the My Domain as Setup shows it</span>`

function orgChoice({ orgs }: Demo): Html {
  return html`<select name="loginHost">
    ${orgs.map(({ name, url }) => html`<option value="${url}">${name}</option>`)}
  </select>`
}

function loginHints({ orgs, password }: Demo): Html {
  return html`<aside>
    <p>The orgs are simulated. Log in there with the password <code>${password}</code>:</p>
    <ul>
      ${orgs.map(({ name, usernames }) => html`<li>${name}: <code>${usernames.join(', ')}</code></li>`)}
    </ul>
  </aside>`
}
