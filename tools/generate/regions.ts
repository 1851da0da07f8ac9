import { FLOWS } from '../../packages/core/src/chooser/flows.ts'
import type { FlowName } from '../../packages/core/src/chooser/flows.ts'
import { avoidanceTable, decisionTable, flowTable } from './chooser-tables.ts'
import { errorIndex } from './error-index.ts'
import { oauthErrors, ownErrors, restErrors } from './error-lists.ts'
import { errorsOf, setupOf, statusOf } from './flow-parts.ts'
import { endpointTable, parametersOf, serviceTable, situationTable } from './parameters.ts'

const whole: Readonly<Record<string, () => string>> = {
  'error index': errorIndex,
  'oauth errors': oauthErrors,
  'rest errors': restErrors,
  'own errors': ownErrors,
  decisions: decisionTable,
  flows: flowTable,
  avoid: avoidanceTable,
  situation: situationTable,
  endpoint: endpointTable,
  service: serviceTable,
}
const perFlow: Readonly<Record<string, (flow: FlowName) => string>> = {
  status: statusOf,
  setup: setupOf,
  errors: errorsOf,
  parameters: parametersOf,
}

/**
 * The page with the text between `<!-- generated: NAME -->` and `<!-- /generated -->` made anew; `undefined` for a page
 * without such marks.
 * @throws Error for a name that nothing generates, and for marks that do not pair.
 */
export function fillRegions(page: string): string | undefined {
  const filled = page.replace(
    /(<!-- generated: ([\w -]+) -->\n)(?:(?!<!-- generated: )[^])*?(<!-- \/generated -->)/g,
    (...[, open, name, close]: string[]) => `${open}\n${render(String(name))}\n\n${close}`,
  )
  const marks = (pattern: RegExp): number => [...page.matchAll(pattern)].length
  const [opened, closed] = [marks(/<!-- generated: /g), marks(/<!-- \/generated -->/g)]
  if (opened !== closed) throw new Error(`${opened} generated parts are opened and ${closed} closed.`)
  return opened === 0 ? undefined : filled
}

function render(name: string): string {
  const one = Object.hasOwn(whole, name) ? whole[name] : undefined
  if (one !== undefined) return one()
  const [part = '', flow = ''] = name.split(/ (.*)/)
  const make = perFlow[part]
  if (make === undefined || !isFlow(flow)) throw new Error(`Nothing generates "${name}".`)
  return make(flow)
}

function isFlow(name: string): name is FlowName {
  return Object.hasOwn(FLOWS, name)
}
