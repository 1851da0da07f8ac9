import { constants } from 'node:os'
import { createServiceConnection, jwtBearerGrant } from '@orgpass/core'
import { countContacts } from './batch.ts'
import { barDisplay, lineDisplay } from './display.ts'
import { Report } from './report.ts'
import { readSettings } from './settings.ts'
import { startSimulated } from './simulated.ts'
import { whyStopped } from './why-stopped.ts'

const STOPPED = 'Stopped. The next start goes on from here.'
const display = process.stdout.isTTY ? barDisplay() : lineDisplay()
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort(signal))

// On a terminal the progress bar reads the keys, and at Ctrl-C ends the process as if all were well.
process.once('exit', giveUp)

try {
  await run()
} catch (error) {
  const { aborted, reason } = stopping.signal
  display.fail(aborted ? STOPPED : `Stopped: ${whyStopped(error)}`)
  process.exitCode = aborted ? 128 + constants.signals[reason as 'SIGINT' | 'SIGTERM'] : 1
}
process.off('exit', giveUp)

function giveUp(): void {
  console.error(`\n${STOPPED}`)
  process.exitCode = 128 + constants.signals.SIGINT
}

async function run(): Promise<void> {
  const settings = readSettings(process.env)
  if (settings.org === undefined) console.log('No Salesforce org is configured: a simulator on this machine serves.')
  const org = settings.org ?? (await startSimulated())
  try {
    const { loginUrl, clientId, username, key } = org
    const connection = createServiceConnection({ loginUrl, clientId, grant: jwtBearerGrant({ key, username }) })
    const report = await Report.open(settings.report, org.source)
    await countContacts({ connection, report, display, signal: stopping.signal })
    display.stop(`${report.size} accounts are in ${await report.finish()}`)
  } finally {
    await org.close?.()
  }
}
