import { html } from '@orgpass/sample-host'
import type { Html } from '@orgpass/sample-host'
import { document } from './document.ts'

/** What went wrong, what helps, and the way back. */
export function failurePage({ message, hint }: { message: string; hint?: string }): Html {
  return document(
    'That did not work',
    html`<h1>That did not work</h1>
      <p class="lead">${message}</p>
      <p>${hint}</p>
      <p><a class="button" href="/">Back to the start</a></p>`,
  )
}
