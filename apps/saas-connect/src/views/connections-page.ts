import type { ConnectionInfo } from '@orgpass/core'
import { html } from '@orgpass/sample-host'
import type { Demo, Html } from '@orgpass/sample-host'
import type { Count } from '../counts.ts'
import type { Person } from '../people.ts'
import { document } from './document.ts'

export interface ConnectionRow extends ConnectionInfo {
  readonly isDefault: boolean
  readonly count: Count | undefined
}

export interface ConnectionsPage {
  readonly person: Person
  readonly rows: readonly ConnectionRow[]
  readonly demo: Demo | undefined
}

export function connectionsPage({ person, rows, demo }: ConnectionsPage): Html {
  const actions = html`<form method="post" action="/sign-out"><button>Sign ${person.name} out</button></form>`
  const main = html`<h1>The orgs of ${person.tenant}</h1>
    ${rows.length === 0 ? html`<p>No org is connected yet.</p>` : rows.map(row)} ${connectForm(demo)}`
  return document({ title: 'Connections', actions, main })
}

function row(connection: ConnectionRow): Html {
  const { id, alias, orgId, isDefault, count, reason, loginUrl } = connection
  return html`<section>
    <h2>${alias ?? orgId}${isDefault ? ' (default)' : ''}</h2>
    <p>${loginUrl}, org ${orgId}</p>
    ${
      reason === undefined
        ? html`<p>${count === undefined ? 'Not counted yet.' : `${count.accounts} accounts`}</p>`
        : html`<p role="alert">Has to be reconnected. ${reason.message}</p>`
    }
    <form method="post" action="/auth/connect">
      <input type="hidden" name="reconnect" value="${id}" /><input type="hidden" name="returnTo" value="/connections" />
      <button>Reconnect</button>
    </form>
    <form method="post" action="/connections/${id}/alias">
      <label>Alias <input name="alias" value="${alias ?? ''}" required maxlength="100" /></label>
      <button>Rename</button>
    </form>
    ${
      isDefault
        ? undefined
        : html`<form method="post" action="/connections/${id}/default"><button>Make it the default</button></form>`
    }
    <form method="post" action="/auth/disconnect">
      <input type="hidden" name="connection" value="${id}" />
      <input type="hidden" name="returnTo" value="/connections" />
      <button>Disconnect</button>
    </form>
  </section>`
}

function connectForm(demo: Demo | undefined): Html {
  const host =
    demo === undefined
      ? html`<input name="loginHost" placeholder="acme.my.salesforce.com, production or sandbox" />`
      : html`<select name="loginHost">
          ${demo.orgs.map(({ name, url }) => html`<option value="${url}">${name}</option>`)}
        </select>`
  return html`<section>
    <h2>Connect an org</h2>
    <form method="post" action="/auth/connect">
      <p><label>Where its people log in ${host}</label></p>
      <p>
        <label>What you call it <input name="alias" maxlength="100" /></label>
      </p>
      <input type="hidden" name="returnTo" value="/connections" />
      <input type="hidden" name="prompt" value="login" />
      <button>Connect</button>
    </form>
    ${
      demo &&
      html`<aside>
        <p>
          The orgs are simulated. Log in there with the password <code>${demo.password}</code> as
          <code>ada@acme.example</code>, <code>hank@globex.example</code> or <code>bill@initech.example</code>.
        </p>
      </aside>`
    }
  </section>`
}
