import { hiddenInputs, page } from './document.ts'
import { html } from './html.ts'
import { scopeLabel } from './scope-labels.ts'

export interface ApprovalPageOptions {
  readonly org: { readonly name: string }
  readonly app: { readonly label: string }
  readonly user: { readonly name: string; readonly username: string }
  readonly scopes: readonly string[]
  /** The code on the screen of the device that asks. */
  readonly userCode?: string
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
}

/** "Allow access?" It posts `decision` = `allow` or `deny` beside the hidden values. */
export function approvalPage({ org, app, user, scopes, userCode, action, hidden }: ApprovalPageOptions): string {
  const heading = `Allow ${app.label} access?`
  return page({
    title: heading,
    main: html`<section class="card" aria-labelledby="heading">
      <h1 id="heading">${heading}</h1>
      <p class="lead">You are <strong>${user.name}</strong> (${user.username}) in ${org.name}.</p>
      ${
        userCode !== undefined &&
        html`<p>A device that shows <strong>${userCode}</strong> asks. Deny it if that is not yours.</p>`
      }
      <h2 id="scopes">It asks to</h2>
      <ul class="scopes" aria-labelledby="scopes">
        ${scopes.map((scope) => html`<li><span>${scopeLabel(scope)}</span> <code>${scope}</code></li>`)}
      </ul>
      <form method="post" action="${action}">
        ${hiddenInputs(hidden)}
        <div class="actions">
          <button type="submit" name="decision" value="allow">Allow</button>
          <button type="submit" name="decision" value="deny" class="quiet">Deny</button>
        </div>
      </form>
    </section>`,
  })
}
