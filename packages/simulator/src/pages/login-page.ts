import { hiddenInputs, page } from './document.ts'
import { html } from './html.ts'

export interface LoginPageOptions {
  /** Absent on the generic login host, where the user name decides the org. */
  readonly org?: { readonly name: string }
  /** The app that asked for the login. */
  readonly app?: { readonly label: string }
  readonly username?: string
  /** Why the last attempt failed. */
  readonly error?: string
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
  /** Offered as suggestions for the user name. */
  readonly rememberedUsers: readonly string[]
}

/** The log-in form. It posts `username` and `password` beside the hidden values. */
export function loginPage(options: LoginPageOptions): string {
  const { org, app, username = '', error, action, hidden, rememberedUsers } = options
  const heading = org ? `Log in to ${org.name}` : 'Log in'
  const invalid = error !== undefined && html` aria-invalid="true" aria-describedby="login-error"`
  const remembered = rememberedUsers.length > 0
  const startsAtPassword = username !== ''
  return page({
    title: error === undefined ? heading : `Error: ${heading}`,
    main: html`<section class="card" aria-labelledby="heading">
      <h1 id="heading">${heading}</h1>
      <p class="lead">${app ? html`to continue to <strong>${app.label}</strong>` : 'with one of the seeded users'}</p>
      ${error !== undefined && html`<p class="alert" id="login-error" role="alert">${error}</p>`}
      <form method="post" action="${action}">
        ${hiddenInputs(hidden)}
        <label for="username">Username</label>
        <input
          id="username"
          name="username"
          type="text"
          value="${username}"
          required
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          ${!startsAtPassword && 'autofocus'}
          ${remembered && html`list="remembered"`}
          ${invalid}
        />
        ${
          remembered &&
          html`<datalist id="remembered">
            ${rememberedUsers.map((name) => html`<option value="${name}"></option>`)}
          </datalist>`
        }
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          required
          autocomplete="current-password"
          ${startsAtPassword && 'autofocus'}
          ${invalid}
        />
        <div class="actions"><button type="submit">Log in</button></div>
      </form>
    </section>`,
  })
}
