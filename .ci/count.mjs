// Prints the totals of all vitest reports as the last line of a CI run: node count.mjs <folder of JSON reports> <exit code of the run>
// Plain JavaScript, because a failed install leaves only the machine's own Node to run it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, status] = process.argv.slice(2)
const reports = (existsSync(folder) ? readdirSync(folder) : []).map((name) =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')),
)
const total = (count) => reports.reduce((sum, report) => sum + count(report), 0)
// A file that does not even load fails without a single test in it.
const isBroken = (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')

const passed = total((report) => report.numPassedTests)
const failed = total((report) => report.numFailedTests + report.testResults.filter(isBroken).length)
if (reports.length === 0) console.log('The tests did not run')
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = Number(status) || (passed === 0 || failed > 0 ? 1 : 0)
