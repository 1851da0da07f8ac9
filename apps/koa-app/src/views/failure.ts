import { html } from '@orgpass/sample-host'
import type { Html } from '@orgpass/sample-host'
import { document } from './document.ts'

export interface Failure {
  readonly error: string
  readonly message: string
  readonly hint?: string
}

/** What went wrong, what helps, and the way back. */
export function failurePage({ error, message, hint }: Failure): Html {
  return document({
    title: 'That did not work',
    main: html`<h1>That did not work</h1>
      <p>${message}</p>
      ${hint === undefined ? undefined : html`<p>${hint}</p>`}
      <p><code>${error}</code></p>
      <p><a class="button" href="/">Back to the start</a></p>`,
  })
}
