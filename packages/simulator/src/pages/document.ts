import { createHash } from 'node:crypto'
import type { HtmlValue } from './html.ts'
import { Html, html } from './html.ts'
import { stylesheet } from './style.ts'

const styleHash = createHash('sha256').update(stylesheet).digest('base64')

/**
 * The Content-Security-Policy every page goes out with. It names no form-action: Chromium applies that to the
 * redirect after a POST, too, and the last one leads to an app's callback on any origin.
 */
export const pageSecurityPolicy: string = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='9' fill='%230d6668'/%3E%3Cpath d='M10 21V11h7a4 4 0 0 1 0 8h-3' fill='none' stroke='%23fff' stroke-width='3' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E"

export interface PageContent {
  readonly title: string
  readonly main: HtmlValue
  /** For tables, which need more room than a form. */
  readonly wide?: boolean
}

export function page({ title, main, wide = false }: PageContent): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} | Orgpass simulator</title>
        <link rel="icon" href="${icon}" />
        ${styleElement}
      </head>
      <body>
        <aside class="note" aria-label="About this server">
          <strong>This is a simulator</strong> – do not type a real password.
        </aside>
        <main${wide && html` class="wide"`}>
          <p class="brand">${mark} Orgpass simulator</p>
          ${main}
        </main>
      </body>
    </html>`.text
}

// Built once and byte for byte, because the policy allows exactly this text.
const styleElement = new Html(`<style>${stylesheet}</style>`)

const mark = html`<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <rect width="32" height="32" rx="9" fill="currentColor" opacity=".16" />
  <path
    d="M10 22V10h7.5a4.5 4.5 0 0 1 0 9H14"
    fill="none"
    stroke="currentColor"
    stroke-width="3"
    stroke-linecap="round"
    stroke-linejoin="round"
  />
</svg>`

export function hiddenInputs(values: Readonly<Record<string, string>>): Html[] {
  return Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)
}
