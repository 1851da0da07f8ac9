import { page } from './document.ts'
import type { Html } from './html.ts'
import { html } from './html.ts'

export interface HomePageOptions {
  readonly orgs: readonly HomeOrg[]
  readonly apps: readonly HomeApp[]
  readonly users: readonly HomeUser[]
}

export interface HomeOrg {
  readonly name: string
  readonly kind: string
  readonly url: string
  readonly sites?: readonly { readonly url: string }[]
}

export interface HomeApp {
  readonly label: string
  readonly clientId: string
  readonly callbackUrls: readonly string[]
}

export interface HomeUser {
  readonly name: string
  readonly username: string
  /** Shown, so that a newcomer can log in. Leave it out to keep it off the page. */
  readonly password?: string
}

/** What a browser sees at `/` of the login host: what this is, where things are, and whom to log in as. */
export function homePage({ orgs, apps, users }: HomePageOptions): string {
  return page({
    title: 'Home',
    wide: true,
    main: html`
      <section class="card" aria-labelledby="heading">
        <h1 id="heading">A Salesforce login, on your machine</h1>
        <p class="lead">
          Point an app's login URL here or at one of the orgs below. People, orgs and records are made up, and nothing
          leaves this computer.
        </p>
        ${orgTable(orgs)}
      </section>
      <section class="card" aria-labelledby="users">
        <h2 id="users">Log in as</h2>
        ${userTable(users)}
      </section>
      <section class="card" aria-labelledby="apps">
        <h2 id="apps">Registered apps</h2>
        ${appTable(apps)}
      </section>
    `,
  })
}

function orgTable(orgs: readonly HomeOrg[]): Html {
  const rows = orgs.map(({ name, kind, url, sites = [] }) => {
    const addresses = [url, ...sites.map((site) => site.url)]
    return html`<tr>
      <th scope="row">${name}</th>
      <td>${kind}</td>
      <td>${addresses.map((address) => html`<code>${address}</code><br />`)}</td>
    </tr>`
  })
  return table('Orgs', ['Org', 'Kind', 'Address'], rows)
}

function userTable(users: readonly HomeUser[]): Html {
  const rows = users.map(
    ({ name, username, password }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td><code>${username}</code></td>
        <td>${password === undefined ? 'as in your seed' : html`<code>${password}</code>`}</td>
      </tr>`,
  )
  return table('Log in as', ['Name', 'Username', 'Password'], rows)
}

function appTable(apps: readonly HomeApp[]): Html {
  const rows = apps.map(
    ({ label, clientId, callbackUrls }) =>
      html`<tr>
        <th scope="row">${label}</th>
        <td><code>${clientId}</code></td>
        <td>${callbackUrls.map((url) => html`<code>${url}</code><br />`)}</td>
      </tr>`,
  )
  return table('Registered apps', ['App', 'Client id', 'Callback URLs'], rows)
}

function table(label: string, columns: readonly string[], rows: readonly Html[]): Html {
  // A region that scrolls sideways must be reachable by keyboard.
  return html`<div class="scroll" role="region" aria-label="${label}, table" tabindex="0">
    <table aria-label="${label}">
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}
