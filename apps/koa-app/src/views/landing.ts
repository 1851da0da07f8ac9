import { demoLogins, html } from '@orgpass/sample-host'
import type { Demo, Html } from '@orgpass/sample-host'
import { document } from './document.ts'

/** For who is not logged in. */
export function landing(demo: Demo | undefined): Html {
  return document({
    title: 'Second contact',
    main: html`<h1>If one person leaves,<br />whom do you call?</h1>
      <p class="lead">
        Second contact goes through your customers in Salesforce, one by one, and shows which of them you know through a
        single person only.
      </p>
      <p><a class="button" href="/auth/login">Connect to Salesforce</a></p>
      ${demo && demoLogins(demo)}`,
  })
}
