import { constants } from 'node:os'
import { log, spinner } from '@clack/prompts'
import { createServiceConnection, isSalesforceAuthError, publicClient } from '@orgpass/core'
import type { DeviceCode } from '@orgpass/core'
import { listAccounts } from './accounts.ts'
import { deviceGrant } from './log-in.ts'
import { plainText } from './plain-text.ts'
import { readOrg } from './settings.ts'
import { startSimulated } from './simulated.ts'

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort(signal))

// On a terminal the spinner reads the keys, and at Ctrl-C ends the process as if all were well.
process.once('exit', giveUp)

try {
  await run()
} catch (error) {
  const { aborted, reason } = stopping.signal
  log.error(aborted ? 'Stopped.' : whyNot(error))
  process.exitCode = aborted ? 128 + constants.signals[reason as 'SIGINT' | 'SIGTERM'] : 1
}
process.off('exit', giveUp)

function giveUp(): void {
  log.error('Stopped.')
  process.exitCode = 128 + constants.signals.SIGINT
}

async function run(): Promise<void> {
  const configured = readOrg(process.env)
  if (configured === undefined) {
    log.info('No Salesforce org is configured: a simulator on this machine serves.')
    log.info('Log in there as grace@acme.example with the password simulator.')
  }
  const org = configured ?? (await startSimulated())
  try {
    await logInAndLook(org.loginUrl, org.clientId)
  } finally {
    await org.close?.()
  }
}

async function logInAndLook(loginUrl: string, clientId: string): Promise<void> {
  const waiting = process.stdout.isTTY ? spinner() : undefined
  const connection = createServiceConnection({
    loginUrl,
    clientId,
    clientAuthentication: publicClient(),
    grant: deviceGrant({
      signal: stopping.signal,
      show(code) {
        log.step(instructions(code))
        waiting?.start('Waiting for you')
      },
      progress: ({ remainingMs }) => waiting?.message(`Waiting for you, for another ${minutes(remainingMs)}`),
    }),
  })
  try {
    const { displayName, username } = await connection.identity()
    waiting?.stop('Logged in')
    log.success(plainText(`You are ${displayName} (${username}).`))
  } catch (error) {
    waiting?.error('Not logged in')
    throw error
  }
  const lines = (await listAccounts(connection, 5)).map(({ Name, Industry }) =>
    plainText(`${Name}${Industry ? `, ${Industry}` : ''}`),
  )
  log.message(['A few of your accounts:', ...lines].join('\n'))
}

function instructions({ userCode, verificationUri, verificationUriComplete }: DeviceCode): string {
  return [
    `Open   ${verificationUri}`,
    `Enter  ${userCode}`,
    '',
    `Or open ${verificationUriComplete}`,
    '',
    'Type this code in yourself and send it to nobody.',
    'Whoever approves it lets this program act in their name.',
  ].join('\n')
}

function whyNot(error: unknown): string {
  if (!isSalesforceAuthError(error)) return plainText(error instanceof Error ? error.message : String(error))
  return [error.message, error.hint ?? ''].join(' ').trim()
}

function minutes(duration: number): string {
  const seconds = Math.ceil(duration / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
