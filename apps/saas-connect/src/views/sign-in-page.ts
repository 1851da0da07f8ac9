import { html } from '@orgpass/sample-host'
import type { Demo, Html } from '@orgpass/sample-host'
import { DEMO_PASSWORD } from '../people.ts'
import { document } from './document.ts'

export interface SignInPage {
  readonly demo: Demo | undefined
  readonly failed?: boolean
}

export function signInPage({ demo, failed = false }: SignInPage): Html {
  const main = html`<h1>How many accounts do our orgs have?</h1>
    <p>Sign in, connect your company's orgs once, and a worker counts their accounts from then on.</p>
    ${failed ? html`<p role="alert">This name and password do not belong together.</p>` : undefined}
    <form method="post" action="/sign-in">
      <p>
        <label>Name <input name="name" autocomplete="username" required /></label>
      </p>
      <p>
        <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
      </p>
      <button>Sign in</button>
    </form>
    ${
      demo &&
      html`<aside>
        <p>
          This is a demo. <code>nora</code> and <code>nils</code> are of one company, <code>tess</code> of another;
          their password is <code>${DEMO_PASSWORD}</code>.
        </p>
      </aside>`
    }`
  return document({ title: 'Sign in', main })
}
