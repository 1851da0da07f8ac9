import { FLOWS } from '../../packages/core/src/chooser/flows.ts'
import type { FlowName } from '../../packages/core/src/chooser/flows.ts'
import { AVOIDANCES, RULES } from '../../packages/core/src/chooser/rules.ts'
import type { Condition } from '../../packages/core/src/chooser/situation.ts'
import { code, plain, table } from './markdown.ts'

export function decisionTable(): string {
  const rows = RULES.map(({ situation, when, flow, why, warning }) => [
    plain(situation),
    members(when, 'anything else'),
    link(flow),
    plain(why) + (warning === undefined ? '' : ` **${plain(warning)}**`),
  ])
  return table(['situation', 'told as', 'flow', 'why'], rows)
}

export function flowTable(): string {
  const rows = Object.entries(FLOWS).map(([name, { suits, refreshToken, status }]) => [
    link(name as FlowName),
    plain(suits),
    refreshToken,
    status.level,
    plain(status.note),
  ])
  return table(['flow', 'for', 'refresh token', 'in 2026', 'what is known'], rows)
}

export function avoidanceTable(): string {
  return table(
    ['flow', 'when', 'why not'],
    AVOIDANCES.map(({ flow, when, why }) => [link(flow), members(when, 'always'), plain(why)]),
  )
}

function link(flow: FlowName): string {
  return `[${FLOWS[flow].title}](flows/${flow}.md)`
}

function members(condition: Condition, none: string): string {
  const said = Object.entries(condition).map(([name, value]) => code(`${name}: ${JSON.stringify(value)}`))
  return said.length === 0 ? none : said.join(' ')
}
