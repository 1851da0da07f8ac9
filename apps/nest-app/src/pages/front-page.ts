import { demoLogins, html } from '@orgpass/sample-host'
import type { Demo, Html } from '@orgpass/sample-host'
import { document } from './document.ts'

/** Who is logged in, and what the guards let them do. */
export interface Visitor {
  readonly displayName: string
  readonly profile: string
  readonly isSeller: boolean
  readonly isManager: boolean
}

export interface FrontPage {
  readonly visitor: Visitor | undefined
  readonly demo: Demo | undefined
}

export function frontPage({ visitor, demo }: FrontPage): Html {
  return document(
    'Handover desk',
    html`<h1>Handover desk</h1>
      <p class="lead">You go on leave; your accounts go to a colleague. An API for that, over REST and GraphQL.</p>
      ${visitor === undefined ? stranger(demo) : connected(visitor)}`,
  )
}

function stranger(demo: Demo | undefined): Html {
  return html`<p><a class="button" href="/auth/login">Connect to Salesforce</a></p>
    ${demo && demoLogins(demo)}`
}

function connected({ displayName, profile, isSeller, isManager }: Visitor): Html {
  return html`<p>Connected as <strong>${displayName}</strong>. Your profile is <strong>${profile}</strong>, so:</p>
    <ul>
      ${may(true, '/api/accounts', 'the accounts you own')}
      ${may(isSeller, '/api/colleagues', 'colleagues you can hand them over to')}
      ${may(isManager, '/api/books', 'how many accounts everybody looks after')}
    </ul>
    <p><a class="button" href="/docs">Try the API</a></p>
    <form method="post" action="/auth/logout"><button>Disconnect</button></form>`
}

function may(allowed: boolean, path: string, what: string): Html {
  return html`<li class="${allowed ? 'yes' : 'no'}"><a href="${path}">${what}</a>${allowed ? '' : ' (not you)'}</li>`
}
