import { createServiceConnection, jwtBearerGrant } from '@orgpass/core'
import { countContacts } from './batch.ts'
import { barDisplay, lineDisplay } from './display.ts'
import { Report } from './report.ts'
import { readSettings } from './settings.ts'
import { startSimulated } from './simulated.ts'
import { whyStopped } from './why-stopped.ts'

const display = process.stdout.isTTY ? barDisplay() : lineDisplay()
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())

try {
  await run()
} catch (error) {
  const { aborted } = stopping.signal
  display.fail(aborted ? 'Stopped. The next start goes on from here.' : `Stopped: ${whyStopped(error)}`)
  process.exitCode = aborted ? 130 : 1
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
