import type { Session, UserProfile } from '@orgpass/core'
import { accountResults } from './account-table.ts'
import type { AccountResults } from './account-table.ts'
import { connection } from './connection.ts'
import { document } from './document.ts'
import { html } from '@orgpass/sample-host'
import type { Html } from '@orgpass/sample-host'
import { ownOrg } from './own-org.ts'
import type { Setup } from './own-org.ts'

export interface Dashboard extends Setup {
  /** Absent when the user may not use the identity service. */
  readonly profile: UserProfile | undefined
  readonly session: Session
  readonly renewals: number
  readonly results: AccountResults
}

/** For who is logged in: the accounts, and who and where one is. */
export function dashboard({ profile, session, renewals, results, ...setup }: Dashboard): Html {
  return document({
    title: 'Accounts',
    actions: html`<form class="disconnect" method="post" action="/auth/logout">
      <input type="hidden" name="returnTo" value="/?disconnected=1" />
      <button type="submit" class="quiet">Disconnect</button>
    </form>`,
    main: html`<div class="columns">
        <section class="card" aria-labelledby="accounts">
          <h1 id="accounts">Accounts</h1>
          ${searchForm(results.search)}
          <p class="unseen" role="status" id="status"></p>
          <div id="results">${accountResults(results)}</div>
        </section>
        <div class="aside">${person(profile, session)} ${org(session, setup)} ${connection(session, renewals)}</div>
      </div>
      ${ownOrg(setup)} ${sessionEnded}`,
  })
}

function searchForm(search: string): Html {
  return html`<form class="search" role="search" method="get" action="/">
    <label for="q" class="unseen">Search accounts by name</label>
    <input
      id="q"
      type="search"
      name="q"
      value="${search}"
      placeholder="Search by name"
      maxlength="80"
      autocomplete="off"
    />
    <button type="submit">Search</button>
  </form>`
}

function person(profile: UserProfile | undefined, session: Session): Html {
  const name = profile?.displayName ?? session.userId
  return html`<section class="card" aria-labelledby="person">
    <h2 id="person">You</h2>
    <div class="person">
      <span class="initials" aria-hidden="true">${initials(name)}</span>
      <div>
        <p class="who">${name}</p>
        <p>${profile?.username ?? 'Salesforce does not tell this app more about you.'}</p>
        ${profile?.email === undefined || profile.email === profile.username ? undefined : html`<p>${profile.email}</p>`}
      </div>
    </div>
    <p><a href="/auth/login?prompt=login">Log in as someone else</a></p>
  </section>`
}

function org({ orgId, instanceUrl }: Session, { demo }: Setup): Html {
  return html`<section class="card" aria-labelledby="org">
    <h2 id="org">Your org</h2>
    <dl>
      <dt>Answers at</dt>
      <dd>${new URL(instanceUrl).host}${demo ? ', a simulator on this machine' : ''}</dd>
      <dt>Org id</dt>
      <dd><code>${orgId}</code></dd>
    </dl>
  </section>`
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined]
  return [first, last].map((word) => Array.from(word ?? '').at(0) ?? '').join('')
}

// The script shows it when a call comes back with `needsLogin`.
const sessionEnded = html`<template id="session-ended">
  <p class="note problem" role="alert">Your session ended. <a href="/auth/login">Connect again</a> to go on.</p>
</template>`
