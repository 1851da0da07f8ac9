import { html } from '@orgpass/sample-host'
import type { Html } from '@orgpass/sample-host'
import { document } from './document.ts'

/** What may be told to the person in front of the page; nothing when it is for the operator only. */
export function failurePage(told?: { readonly message: string; readonly hint?: string }): Html {
  const main = html`<h1>That did not work</h1>
    <p role="alert">${told?.message ?? 'The app could not do this. Try again in a while.'}</p>
    ${told?.hint === undefined ? undefined : html`<p>${told.hint}</p>`}
    <p><a href="/connections">Back to the connections</a></p>`
  return document({ title: 'That did not work', main })
}
