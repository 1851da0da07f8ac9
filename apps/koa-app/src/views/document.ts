import { html } from '@orgpass/sample-host'
import type { Html } from '@orgpass/sample-host'

export interface Document {
  readonly title: string
  readonly main: Html
}

export function document({ title, main }: Document): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/style.css" />
        <script type="module" src="/check.js"></script>
      </head>
      <body>
        <main>${main}</main>
      </body>
    </html>`
}
