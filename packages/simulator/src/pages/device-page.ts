import { hiddenInputs, page } from './document.ts'
import { html } from './html.ts'

export interface DevicePageOptions {
  /** Filled in already, so that only the button is left. */
  readonly userCode: string
  /** Why the last attempt failed. */
  readonly error?: string
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
}

/** Asks for the code that a device shows. It posts `user_code` beside the hidden values. */
export function devicePage({ userCode, error, action, hidden }: DevicePageOptions): string {
  const heading = 'Connect a device'
  const invalid = error !== undefined && html` aria-invalid="true" aria-describedby="code-error"`
  return page({
    title: error === undefined ? heading : `Error: ${heading}`,
    main: html`<section class="card" aria-labelledby="heading">
      <h1 id="heading">${heading}</h1>
      <p class="lead">Type the code that your device shows. If nothing of yours shows a code, close this page.</p>
      ${error !== undefined && html`<p class="alert" id="code-error" role="alert">${error}</p>`}
      <form method="post" action="${action}">
        ${hiddenInputs(hidden)}
        <label for="user_code">Code</label>
        <input
          id="user_code"
          name="user_code"
          type="text"
          value="${userCode}"
          required
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          autofocus
          ${invalid}
        />
        <div class="actions"><button type="submit">Next</button></div>
      </form>
    </section>`,
  })
}

export function deviceDeniedPage(): string {
  return page({
    title: 'Access denied',
    main: html`<section class="card" aria-labelledby="heading">
      <h1 id="heading">Access denied</h1>
      <p class="lead">The device was told so. You can close this window.</p>
    </section>`,
  })
}
