import { document } from './document.ts'
import { html } from '@orgpass/sample-host'
import type { Html } from '@orgpass/sample-host'

export interface Failure {
  readonly title: string
  readonly message: string
  readonly hint?: string
  readonly code?: string
  readonly needsLogin?: boolean
  /** The path to try again. */
  readonly returnTo: string
}

/** What happened, what to do, and a way on. */
export function failurePage({ title, message, hint, code, needsLogin, returnTo }: Failure): Html {
  const login = `/auth/login?${new URLSearchParams({ returnTo }).toString()}`
  return document({
    title,
    main: html`<section class="card failure" aria-labelledby="title">
      <h1 id="title">${title}</h1>
      <p class="lead">${message}</p>
      ${
        hint === undefined
          ? undefined
          : html`<h2>What to do</h2>
              <p>${hint}</p>`
      }
      <p class="ways">
        ${
          code?.startsWith('callback/') || needsLogin
            ? html`<a class="button" href="${login}">${needsLogin ? 'Connect again' : 'Connect to Salesforce'}</a>
                <a href="/auth/login?prompt=login">Log in as someone else</a>`
            : html`<a class="button" href="${returnTo}">Try again</a>`
        }
        <a href="/">Back to the start</a>
      </p>
      ${code === undefined ? undefined : html`<p class="fine">Error <code>${code}</code></p>`}
    </section>`,
  })
}
