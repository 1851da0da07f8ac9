import { page } from './document.ts'
import { html } from './html.ts'

export interface ErrorPageOptions {
  readonly status: number
  readonly title: string
  readonly message: string
  /** For the developer: the raw error, or what to change. */
  readonly detail?: string
}

export function errorPage({ status, title, message, detail }: ErrorPageOptions): string {
  return page({
    title,
    main: html`<section class="card" aria-labelledby="heading">
      <h1 id="heading">${title}</h1>
      <p class="lead">${message}</p>
      ${detail !== undefined && html`<p><code>${detail}</code></p>`}
      <p class="fine">HTTP status ${status}</p>
    </section>`,
  })
}
