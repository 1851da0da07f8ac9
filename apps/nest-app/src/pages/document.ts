import { html } from '@orgpass/sample-host'
import type { Html } from '@orgpass/sample-host'

export function document(title: string, main: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <main>${main}</main>
      </body>
    </html>`
}
