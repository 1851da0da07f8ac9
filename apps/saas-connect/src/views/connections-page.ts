import { html } from '@orgpass/sample-host'
import type { Demo, Html } from '@orgpass/sample-host'
import type { Person } from '../people.ts'
import { connectForm } from './connect-form.ts'
import { connectionCard } from './connection-card.ts'
import type { ConnectionRow } from './connection-card.ts'
import { document } from './document.ts'

export interface ConnectionsPage {
  readonly person: Person
  readonly rows: readonly ConnectionRow[]
  readonly demo: Demo | undefined
}

export function connectionsPage({ person, rows, demo }: ConnectionsPage): Html {
  const actions = html`<form method="post" action="/sign-out">
    <button>Sign ${person.name} out</button>
  </form>`
  const main = html`<h1>The orgs of ${person.tenant}</h1>
    ${rows.length === 0 ? html`<p>No org is connected yet.</p>` : rows.map(connectionCard)} ${connectForm(demo)}`
  return document({ title: 'Connections', actions, main })
}
