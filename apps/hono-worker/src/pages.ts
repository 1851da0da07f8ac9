import type { Session, UserProfile } from '@orgpass/core'
import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

type Html = HtmlEscapedString | Promise<HtmlEscapedString>

function page(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <link rel="stylesheet" href="/page.css" />
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`
}

export function landing(simulatorUrl: string): Html {
  const simulated = html`<p>
    No org is configured, so this talks to <a href="${simulatorUrl}">a simulator</a> on this machine. Log in as
    <code>ada@acme.example</code> with the password <code>simulator</code>.
  </p>`
  return page(
    'One session, many isolates',
    html`<p>
        This Worker runs in two isolates that share nothing but a Durable Object for each session. Salesforce renews an
        access token once and ends everything when an old refresh token comes a second time; see that they never race.
      </p>
      <p><a class="button" href="/auth/login">Connect to Salesforce</a></p>
      ${simulatorUrl === '' ? '' : simulated}`,
  )
}

export interface Dashboard {
  readonly person: UserProfile
  readonly session: Session
  readonly simulated: boolean
}

export function dashboard({ person, session, simulated }: Dashboard): Html {
  const endToken = html`<form method="post" action="/end-token">
    <button>1. End my access token in Salesforce</button>
  </form>`
  return page(
    'One session, many isolates',
    html`<p>
        You are <strong>${person.displayName ?? person.username}</strong> of the org <code>${session.orgId}</code>. Your
        session lives in a Durable Object; your browser holds only the key to it.
      </p>
      <div class="acts">
        ${simulated ? endToken : ''}
        <button id="race" type="button">${simulated ? '2. ' : ''}Call Salesforce thirty times at once</button>
        <form method="post" action="/auth/logout"><button>Disconnect</button></form>
      </div>
      <p id="result" role="status"></p>
      <script src="/page.js"></script>`,
  )
}

export function failure(title: string, hint: string): Html {
  return page(
    title,
    html`<p>${hint}</p>
      <p><a class="button" href="/">Back</a></p>`,
  )
}
