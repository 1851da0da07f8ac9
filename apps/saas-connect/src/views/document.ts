import { html } from '@orgpass/sample-host'
import type { Html } from '@orgpass/sample-host'

export interface Document {
  readonly title: string
  /** Beside the brand. */
  readonly actions?: Html
  readonly main: Html
}

export function document({ title, actions, main }: Document): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} – Orgpass for a SaaS</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <a class="brand" href="/"><img src="/icon.svg" alt="" width="32" height="32" /> Account counter</a>
          ${actions}
        </header>
        <main id="main">${main}</main>
      </body>
    </html>`
}
