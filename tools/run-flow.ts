/** Runs the code of a flow's page against a simulator: `node --conditions=@orgpass/source tools/run-flow.ts <flow> [page]`. */
import { isStory, pageOf, runFlow, STORY_NAMES } from './flows/run.ts'

const [name = '', page] = process.argv.slice(2)
if (!isStory(name)) {
  console.error(`Name one of these: ${STORY_NAMES.join(', ')}.`)
  process.exit(1)
}
try {
  await runFlow(name, page ?? pageOf(name))
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
// A page's server would keep the process alive.
process.exit()
