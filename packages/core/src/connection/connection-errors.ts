import { ConnectionError } from '../errors/connection-error.ts'
import type { DeadGrant } from './connection-record.ts'
import { describeStoreFailure } from '../store/store-failure.ts'

export function connectionNotFound(): ConnectionError {
  return new ConnectionError('connection/not-found', 'There is no such connection, or it was disconnected.', {
    hint: 'Take an id from the list of connections, or connect the org again.',
  })
}

export function connectionUnreadable(): ConnectionError {
  return new ConnectionError(
    'connection/unreadable',
    'The stored connection cannot be opened with any of the session secrets.',
    {
      hint: 'Put the secret that it was sealed with back into SESSION_SECRET, behind the newest. Without it, the org has to be connected again.',
    },
  )
}

export function needsReconnect(
  { code, message }: Pick<DeadGrant, 'code' | 'message'>,
  cause?: unknown,
): ConnectionError {
  return new ConnectionError('connection/needs-reconnect', `The connection has to be reconnected. ${message}`, {
    cause,
    hint: `Let its owner connect the org again: the connection keeps its id. It ended with ${code}.`,
  })
}

export function aliasInvalid(): ConnectionError {
  return new ConnectionError('connection/alias-invalid', 'The alias is not a short line of text.', {
    hint: 'Use 1 to 100 characters without line breaks, and no blanks around them.',
  })
}

export function aliasTaken(alias: string): ConnectionError {
  return new ConnectionError('connection/alias-taken', `Another connection of this owner is called '${alias}'.`, {
    hint: 'Choose another alias, or reconnect that connection.',
  })
}

export function userTaken(connection: string): ConnectionError {
  return new ConnectionError(
    'connection/user-taken',
    `This user of the org is connected already, as '${connection}'.`,
    {
      hint: 'Reconnect that connection, or log in as the user whose connection it is to be: prompt=login lets somebody else log in.',
    },
  )
}

export function storeFailed(cause: unknown): ConnectionError {
  const { message, hint } = describeStoreFailure('store of connections', cause)
  return new ConnectionError('connection/store-failed', message, { cause, hint })
}
