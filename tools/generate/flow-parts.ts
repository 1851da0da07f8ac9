import { FLOWS } from '../../packages/core/src/chooser/flows.ts'
import type { FlowName } from '../../packages/core/src/chooser/flows.ts'
import { findOAuthHint } from '../../packages/core/src/errors/hints.ts'
import { EXPECTED, THROWN } from './flow-errors.ts'
import { code, plain } from './markdown.ts'
import { CHANGES } from './own-changes.ts'
import { MEANINGS } from './own-meanings.ts'

/** Where the same answer means something else than at the other flows. */
const GRANT_TYPES: Readonly<Partial<Record<FlowName, string>>> = {
  'jwt-bearer': 'jwt-bearer',
  'saml-bearer': 'saml2-bearer',
  'token-exchange': 'token-exchange',
}

export function statusOf(flow: FlowName): string {
  const { suits, refreshToken, status } = FLOWS[flow]
  return [
    `- For: ${plain(suits)}.`,
    `- Refresh token: ${refreshToken}.`,
    `- In 2026: ${status.level}. ${plain(status.note)}`,
  ].join('\n')
}

export function setupOf(flow: FlowName): string {
  return FLOWS[flow].needs.map((step, i) => `${i + 1}. ${plain(step)}`).join('\n')
}

export function errorsOf(flow: FlowName): string {
  const thrown = THROWN[flow]
  if (thrown === undefined) return answersTo(flow)
  const own = thrown.map((name) => `- ${code(name)}: ${plain(MEANINGS[name])} _${plain(CHANGES[name])}_`).join('\n')
  const second = 'What Salesforce answers comes as `oauth/<error>`, or as the `cause` of one of those:'
  return ['The codes of the kit itself:', own, second, answersTo(flow)].join('\n\n')
}

function answersTo(flow: FlowName): string {
  return EXPECTED[flow]
    .map((answer) => {
      const [error = '', ...description] = answer.split(': ')
      const row = findOAuthHint(error, description.join(': '), GRANT_TYPES[flow])
      if (row === undefined) throw new Error(`"${answer}" of ${flow} stands in no row of the catalogue.`)
      return `- ${code(answer)}: ${plain(row.cause)} _${plain(row.hint)}_`
    })
    .join('\n')
}
