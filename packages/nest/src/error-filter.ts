import { Catch, HttpException, HttpStatus, Logger } from '@nestjs/common'
import type { ArgumentsHost } from '@nestjs/common'
import { BaseExceptionFilter } from '@nestjs/core'
import { SalesforceAuthError } from '@orgpass/core'
import { throwError } from 'rxjs'

/**
 * Answers the kit's errors with their status and as JSON with code and hint; what only the app's owner should read goes
 * to Nest's logger instead. Provide it as `APP_FILTER`. Without it Nest answers the status and the message only, in
 * gateways and microservices not even those.
 */
@Catch(SalesforceAuthError)
export class SalesforceErrorFilter extends BaseExceptionFilter {
  readonly #logger = new Logger('Salesforce')

  override catch(error: SalesforceAuthError, host: ArgumentsHost): unknown {
    if (!error.expose) this.#logger.error(error.toJSON())
    const answer = publicPart(error)
    const exception = new HttpException(answer, error.status, { cause: error })
    switch (host.getType<string>()) {
      case 'http':
        return super.catch(exception, host)
      case 'rpc':
        return throwError(() => answer)
      case 'ws':
        return this.#emit(answer, host)
      default:
        throw exception
    }
  }

  async #emit(answer: object, host: ArgumentsHost): Promise<void> {
    const { BaseWsExceptionFilter, WsException } = await import('@nestjs/websockets')
    new BaseWsExceptionFilter().catch(new WsException(answer), host)
  }
}

function publicPart(error: SalesforceAuthError): object {
  const { hint: _, ...rest } = error.toJSON()
  return error.expose ? error.toJSON() : { ...rest, message: HttpStatus[error.status] }
}
