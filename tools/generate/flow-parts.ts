import { FLOWS } from '../../packages/core/src/chooser/flows.ts'
import type { FlowName } from '../../packages/core/src/chooser/flows.ts'
import { findOAuthHint } from '../../packages/core/src/errors/hints.ts'
import { EXPECTED } from './flow-errors.ts'
import { code, plain } from './markdown.ts'

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
  return EXPECTED[flow]
    .map((answer) => {
      const [error = '', ...description] = answer.split(': ')
      const row = findOAuthHint(error, description.join(': '))
      if (row === undefined) throw new Error(`"${answer}" of ${flow} stands in no row of the catalogue.`)
      return `- ${code(answer)}: ${plain(row.cause)} _${plain(row.hint)}_`
    })
    .join('\n')
}
