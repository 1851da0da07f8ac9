import { page } from './document.ts'
import { html } from './html.ts'

export interface LogoutPageOptions {
  readonly next: string
  /** Logout addresses of the apps that took part. */
  readonly frames: readonly string[]
}

/** Loads what tells the apps, and leaves it time to do so. */
export function logoutPage({ next, frames }: LogoutPageOptions): string {
  return page({
    title: 'You are logged out',
    main: html`<section class="card" aria-labelledby="heading">
      <h1 id="heading">You are logged out</h1>
      <p class="lead">Your apps are being told. <a href="${next}">Continue now</a> or wait ten seconds.</p>
      ${frames.map((url) => html`<iframe src="${url}" hidden title="Logout of an app"></iframe>`)}
    </section>`,
  })
}
