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
        <title>${title} – Orgpass sample</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/base.css" />
        <link rel="stylesheet" href="/entrance.css" />
        <link rel="stylesheet" href="/accounts.css" />
        <script type="module" src="/page.js"></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <a class="brand" href="/"><img src="/icon.svg" alt="" width="32" height="32" /> Orgpass sample</a>
          ${actions}
        </header>
        <main id="main" tabindex="-1">${main}</main>
        <footer>A sample app of Orgpass. What you do here, you do in the org you connected.</footer>
      </body>
    </html>`
}
