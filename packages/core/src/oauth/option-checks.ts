import type { ConfigFault } from '../errors/errors.ts'

/** Notes something wrong; checking goes on, so that all faults are told at once. */
export type Report = (option: string, problem: string, hint: string) => void

/** Notes it in this list. */
export function reportTo(faults: ConfigFault[]): Report {
  return (option, problem, hint) => void faults.push({ option, problem, hint })
}

const DAY = 86_400_000
const LONGEST = 400 * DAY

export function checkFunction(option: string, value: unknown, report: Report): void {
  if (value === undefined || typeof value === 'function') return
  report(option, 'is not a function', 'Give a function, or leave it out.')
}

export function checkSwitch(option: string, value: unknown, report: Report): void {
  if (value === undefined || typeof value === 'boolean') return
  report(option, 'is not a switch', 'Write true or false.')
}

export function checkDuration(option: string, value: unknown, report: Report): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 1_000 && value <= LONGEST) return value
  report(option, 'is not a duration between a second and 400 days', 'Write milliseconds: 60 * 60 * 1000 is one hour.')
  return DAY
}

/** One attempt at Salesforce: longer than this no web server waits, and timers cannot count far beyond. */
export function checkTimeout(value: unknown, report: Report): void {
  if (Number.isSafeInteger(value) && Number(value) >= 1_000 && Number(value) <= 600_000) return
  report('timeout', 'is not a duration between a second and ten minutes', 'Write whole milliseconds: 10_000 is 10 s.')
}

export function checkDpop(value: unknown, report: Report): void {
  const key = isMembers(value) ? value['key'] : undefined
  const isJwk = isMembers(key) && key['kty'] === 'EC' && key['crv'] === 'P-256' && typeof key['d'] === 'string'
  const half = isMembers(key) && isMembers(key['privateKey']) ? key['privateKey']['algorithm'] : undefined
  if (isJwk || (isMembers(half) && half['namedCurve'] === 'P-256')) return
  report('dpop.key', 'is not a private key on P-256', 'Make one with createDpopKey(), once, and keep it as a secret.')
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
