import type { Session } from '@orgpass/core'
import { html } from '@orgpass/sample-host'
import type { Html } from '@orgpass/sample-host'

const MINUTES = ['minute', 60_000] as const
const UNITS = [['day', 86_400_000], ['hour', 3_600_000], MINUTES] as const

/** How the token and the session stand. */
export function connection(session: Session, renewals: number): Html {
  return html`<section class="card" aria-labelledby="connection">
    <h2 id="connection">Connection</h2>
    <dl>
      <dt>Access token</dt>
      <dd>${tokenEnd(session)}</dd>
      <dt>Renewed</dt>
      <dd id="renewals">${times(renewals)}</dd>
      <dt>Session ends</dt>
      <dd>${moment(session.endsAt)}, or ${moment(session.idleEndsAt)} if you are not back before</dd>
      <dt>Scopes</dt>
      <dd class="scopes">${session.scope.map((name) => html`<code>${name}</code> `)}</dd>
    </dl>
  </section>`
}

function tokenEnd({ tokenExpiresAt, tokenExpirySource }: Session): Html {
  if (tokenExpiresAt === undefined) {
    return html`Salesforce did not say when it ends. It is renewed as soon as a call is refused.`
  }
  const sources = {
    answer: 'as Salesforce’s answer says',
    jwt: 'as the token itself says',
    introspection: 'as Salesforce says when asked',
    'session-timeout': 'as configured here',
    unknown: 'by an unknown source',
  }
  return html`Ends ${moment(tokenExpiresAt)}, ${sources[tokenExpirySource]}. It is renewed shortly before.`
}

function times(count: number): string {
  if (count === 0) return 'Not yet'
  return `${count === 1 ? 'Once' : `${count} times`} since this app started`
}

function moment(at: number): Html {
  const date = new Date(at)
  return html`<time datetime="${date.toISOString()}" title="${date.toUTCString()}">${inWords(at - Date.now())}</time>`
}

function inWords(duration: number): string {
  const [unit, length] = UNITS.find(([, least]) => duration > 1.9 * least) ?? MINUTES
  const count = Math.max(0, Math.round(duration / length))
  return `in ${count} ${unit}${count === 1 ? '' : 's'}`
}
