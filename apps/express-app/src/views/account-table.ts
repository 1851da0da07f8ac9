import type { Account, AccountList, Refusal } from '../accounts.ts'
import { html } from '@orgpass/sample-host'
import type { Html } from '@orgpass/sample-host'

/** How the last rename went: with a refusal badly, without one well. */
export interface RowNote {
  readonly id: string
  readonly refusal?: string
  /** The name that was refused. */
  readonly name?: string
}

export interface AccountResults {
  readonly search: string
  readonly list: AccountList | Refusal
  readonly note?: RowNote
}

/** What a search found, and how the last rename went. */
export function accountResults({ search, list, note }: AccountResults): Html {
  if ('refusal' in list) return html`<p class="problem" role="alert">${list.refusal}</p>`
  const { accounts } = list
  const noted = accounts.find(({ id }) => id === note?.id)
  return html`<p class="count">${summary(search, list)}${savedText(note, noted)}</p>
    ${note?.refusal !== undefined && noted === undefined ? html`<p class="problem" role="alert">${note.refusal}</p>` : undefined}
    ${accounts.length > 0 ? table(search, accounts, note) : undefined}`
}

function summary(search: string, { accounts, more }: AccountList): string {
  const found = accounts.length === 1 ? '1 account' : `${accounts.length} accounts`
  const matching = search === '' ? '' : ` with “${search}” in the name`
  if (accounts.length === 0) return `No account${matching}.`
  return more ? `The first ${found}${matching}. Search to see others.` : `${found}${matching}.`
}

function savedText(note: RowNote | undefined, account: Account | undefined): string {
  if (note === undefined || note.refusal !== undefined) return ''
  return account === undefined ? '' : ` Saved: ${account.name}.`
}

function table(search: string, accounts: readonly Account[], note: RowNote | undefined): Html {
  // The roles survive the narrow layout, in which the styles make blocks of rows and cells.
  return html`<table role="table" class="accounts">
    <caption class="unseen">
      Accounts
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        <th role="columnheader" scope="col">Name</th>
        <th role="columnheader" scope="col">Industry</th>
        <th role="columnheader" scope="col">Place</th>
        <th role="columnheader" scope="col">Phone</th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${accounts.map((account) => row(search, account, note?.id === account.id ? note : undefined))}
    </tbody>
  </table>`
}

function row(search: string, account: Account, note: RowNote | undefined): Html {
  const { id, industry, place, phone } = account
  return html`<tr role="row" id="row-${id}">
    <th role="rowheader" scope="row">${rename(search, account, note)}</th>
    <td role="cell">${industry}</td>
    <td role="cell">${place}</td>
    <td role="cell">${phone}</td>
  </tr>`
}

function rename(search: string, { id, name }: Account, note: RowNote | undefined): Html {
  const refused = note?.refusal !== undefined
  return html`<span class="name">${name}</span>
    <details class="rename" ${refused ? html`open` : undefined}>
      <summary aria-label="Rename ${name}">Rename</summary>
      <form method="post" action="/accounts/${id}">
        <input type="hidden" name="q" value="${search}" />
        <input
          type="text"
          name="name"
          value="${note?.name ?? name}"
          aria-label="New name for ${name}"
          aria-describedby="problem-${id}"
          required
          maxlength="255"
          autocomplete="off"
          ${refused ? html`aria-invalid="true" autofocus` : undefined}
        />
        <button type="submit">Save</button>
        <button type="button" class="quiet" data-cancel hidden>Cancel</button>
      </form>
      <p class="problem" id="problem-${id}" role="alert">${note?.refusal}</p>
    </details>`
}
