import type { UserProfile } from '@orgpass/core'
import { html } from '@orgpass/sample-host'
import type { Html } from '@orgpass/sample-host'
import { document } from './document.ts'

/** For who is logged in: the button, and room for what the script puts there while the check runs. */
export function workbench({ displayName, username }: UserProfile): Html {
  return document({
    title: 'Second contact',
    main: html`<header>
        <p>Connected as <strong>${displayName ?? username}</strong></p>
        <form method="post" action="/auth/logout"><button class="plain">Disconnect</button></form>
      </header>
      <h1>Second contact</h1>
      <p><button class="button" id="start">Check the customers</button></p>
      <noscript><p>The check shows its results as they come in, which needs JavaScript.</p></noscript>
      <section id="check" hidden>
        <progress id="progress" value="0" max="1" aria-label="Customers checked"></progress>
        <p id="summary" role="status"></p>
        <ol id="customers"></ol>
      </section>`,
  })
}
