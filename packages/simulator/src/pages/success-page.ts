import { page } from './document.ts'
import { html } from './html.ts'

/** Where flows without a callback of their own end (`/services/oauth2/success`). */
export function successPage(): string {
  return page({
    title: 'You are connected',
    main: html`<section class="card" aria-labelledby="heading">
      <h1 id="heading">You are connected</h1>
      <p class="lead">The app has what it needs. You can close this window and go back to it.</p>
    </section>`,
  })
}
