import type { OwnErrorCode } from './codes.ts'
import { SalesforceAuthError, withPlainCause } from './errors.ts'
import type { ErrorDetails } from './errors.ts'

/** Something is wrong with a stored connection: it is gone, has to be reconnected, or may not be made as asked. */
export class ConnectionError extends SalesforceAuthError {
  override readonly name = 'ConnectionError'
  constructor(code: OwnErrorCode & `connection/${string}`, message: string, details?: ErrorDetails) {
    super(code, message, withPlainCause(details))
  }
}
