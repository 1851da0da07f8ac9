// Prints vitest's totals as the last line of a CI run: node count.mjs <vitest's JSON report> <exit code of the run>
// Plain JavaScript, because a failed install leaves only the machine's own Node to run it.
import { existsSync, readFileSync } from 'node:fs'

const [report, status] = process.argv.slice(2)
const ran = existsSync(report)
const { numPassedTests, numFailedTests, testResults } = ran
  ? JSON.parse(readFileSync(report, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 0, testResults: [] }

// A file that does not even load fails without a single test in it.
const broken = testResults.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
)
const failed = numFailedTests + broken.length
if (!ran) console.log('The tests did not run')
console.log(`${numPassedTests} passed, ${failed} failed`)
process.exitCode = Number(status) || (numPassedTests === 0 || failed > 0 ? 1 : 0)
