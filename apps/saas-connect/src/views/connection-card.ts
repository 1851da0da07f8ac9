import type { ConnectionInfo } from '@orgpass/core'
import { html } from '@orgpass/sample-host'
import type { Html } from '@orgpass/sample-host'
import type { Count } from '../counts.ts'

export interface ConnectionRow extends ConnectionInfo {
  readonly isDefault: boolean
  readonly count: Count | undefined
}

export function connectionCard(connection: ConnectionRow): Html {
  const { id, alias, orgId, userId, isDefault, count, loginUrl, renewedAt } = connection
  const user = count?.user?.id === userId ? count.user.name : userId
  return html`<section>
    <h2>${alias ?? orgId}${isDefault ? ' (default)' : ''}</h2>
    ${status(connection)}
    <dl>
      <dt>Accounts</dt>
      <dd>${counted(count)}</dd>
      <dt>Org</dt>
      <dd>${orgId}, ${loginUrl}</dd>
      <dt>User</dt>
      <dd>${user}</dd>
      <dt>Last renewal</dt>
      <dd>${moment(renewedAt)}</dd>
    </dl>
    <div>
      ${button(`/connections/${id}/count`, 'Count now')}
      <form method="post" action="/auth/connect">
        <input type="hidden" name="reconnect" value="${id}" />
        <input type="hidden" name="returnTo" value="/connections" />
        <input type="hidden" name="prompt" value="login" />
        <button>Reconnect</button>
      </form>
      ${isDefault ? undefined : button(`/connections/${id}/default`, 'Make it the default')}
      <form method="post" action="/auth/disconnect">
        <input type="hidden" name="connection" value="${id}" />
        <input type="hidden" name="returnTo" value="/connections" />
        <button>Disconnect</button>
      </form>
    </div>
    <form method="post" action="/connections/${id}/alias">
      <label>Alias <input name="alias" value="${alias ?? ''}" required maxlength="100" /></label>
      <button>Rename</button>
    </form>
  </section>`
}

function status({ reason, count }: ConnectionRow): Html {
  if (reason !== undefined) {
    return html`<p role="alert">
      Has to be reconnected, since ${moment(reason.at)}. ${reason.message} <code>${reason.code}</code>
    </p>`
  }
  if (count?.problem === undefined) return html`<p>Connected.</p>`
  return html`<p role="status">Connected, but the last count failed. ${count.problem}</p>`
}

function counted({ accounts, at }: Count = {}): Html {
  return accounts === undefined || at === undefined ? html`not counted yet` : html`${accounts}, at ${moment(at)}`
}

function moment(at: number): Html {
  const text = new Date(at).toISOString()
  return html`<time datetime="${text}">${text.slice(0, 19).replace('T', ' ')} UTC</time>`
}

function button(action: string, label: string): Html {
  return html`<form method="post" action="${action}"><button>${label}</button></form>`
}
