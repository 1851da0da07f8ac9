import { Catch, HttpException, Logger } from '@nestjs/common'
import type { ArgumentsHost } from '@nestjs/common'
import { BaseExceptionFilter } from '@nestjs/core'
import { SalesforceAuthError } from '@orgpass/core'
import { throwError } from 'rxjs'

/**
 * Answers the kit's errors with their status and as JSON, code and hint included; what only the app's owner should read
 * goes to Nest's logger instead. Provide it as `APP_FILTER`: without it Nest answers status and message only, and in
 * gateways and microservices not even those.
 */
@Catch(SalesforceAuthError)
export class SalesforceErrorFilter extends BaseExceptionFilter {
  override catch(error: SalesforceAuthError, host: ArgumentsHost): unknown {
    const exception = httpExceptionOf(error)
    switch (host.getType<string>()) {
      case 'http':
        return super.catch(exception, host)
      case 'rpc':
        return throwError(() => exception.getResponse())
      case 'ws':
        return emit(exception, host)
      default:
        throw exception
    }
  }
}

/** The exception that says what visitors may know; the error itself is its cause. */
export function httpExceptionOf(error: SalesforceAuthError): HttpException {
  const { hint: _, ...rest } = error.toJSON()
  if (!error.expose) Logger.error(error.toJSON(), error.stack, 'Salesforce')
  const body = error.expose ? error.toJSON() : { ...rest, message: 'The app could not do this. Its log says why.' }
  return new HttpException(body, error.status, { cause: error })
}

async function emit(exception: HttpException, host: ArgumentsHost): Promise<void> {
  const { BaseWsExceptionFilter, WsException } = await import('@nestjs/websockets')
  new BaseWsExceptionFilter().catch(new WsException(exception.getResponse()), host)
}
