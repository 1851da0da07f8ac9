/** Runs the code of a flow's page against a simulator: `node --conditions=@orgpass/source tools/run-flow.ts <flow> [page]`. */
import { join } from 'node:path'
import { FLOW_NAMES, isFlow, runFlow } from './flows/run.ts'

const [flow = '', page = join(import.meta.dirname, '../docs/flows', `${flow}.md`)] = process.argv.slice(2)
if (!isFlow(flow)) {
  console.error(`Name one of these flows: ${FLOW_NAMES.join(', ')}.`)
  process.exit(1)
}
try {
  await runFlow(flow, page)
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
// A page's server would keep the process alive.
process.exit()
