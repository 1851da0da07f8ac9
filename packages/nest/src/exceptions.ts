import { Catch, HttpException, Logger, StreamableFile } from '@nestjs/common'
import type { ArgumentsHost } from '@nestjs/common'
import { BaseExceptionFilter } from '@nestjs/core'
import type { HttpAdapterHost } from '@nestjs/core'
import { SalesforceAuthError } from '@orgpass/core'
import type { Reply } from '@orgpass/core'
import { replyData, replyHeaders } from '@orgpass/core/node'
import { throwError } from 'rxjs'

/**
 * Answers the kit's errors with their status and as JSON, code and hint included; what only the app's owner should read
 * goes to Nest's logger instead. Provide it as `APP_FILTER`, and put it on gateways with `@UseFilters`: Nest by itself
 * answers status and message only, and in gateways and microservices not even those.
 */
@Catch(SalesforceAuthError)
export class SalesforceErrorFilter extends BaseExceptionFilter {
  override catch(error: SalesforceAuthError, host: ArgumentsHost): unknown {
    const exception = exceptionOf(error)
    switch (host.getType<string>()) {
      case 'http':
        // oxlint-disable-next-line promise/valid-params -- It is a filter's, not a promise's.
        return super.catch(exception, host)
      case 'rpc':
        return throwError(() => exception.getResponse())
      case 'ws':
        return emit(exception.getResponse(), host)
      default:
        throw exception
    }
  }
}

async function emit(answer: string | object, host: ArgumentsHost): Promise<void> {
  const { BaseWsExceptionFilter, WsException } = await import('@nestjs/websockets')
  new BaseWsExceptionFilter().catch(new WsException(answer), host)
}

/** What visitors may know of an error; the error itself is the cause. */
export function exceptionOf(error: SalesforceAuthError): HttpException {
  const { hint, ...rest } = error.toJSON()
  if (!error.expose) Logger.error({ ...rest, hint }, error.stack, 'Salesforce')
  const body = error.expose ? { ...rest, hint } : { ...rest, message: 'The app could not do this. Its log says why.' }
  return new HttpException({ statusCode: error.status, ...body }, error.status, { cause: error })
}

/**
 * What to throw to answer a guard's reply. Over HTTP its headers are set at once: whatever a filter makes of the
 * exception, a redirect stays one, and so does a challenge.
 */
export async function refusalOf(reply: Reply, host: ArgumentsHost, { httpAdapter }: HttpAdapterHost): Promise<Error> {
  const { status } = reply
  const data = replyData(reply)
  switch (host.getType<string>()) {
    case 'ws':
      return new (await import('@nestjs/websockets')).WsException(data)
    case 'rpc':
      return new (await import('@nestjs/microservices')).RpcException(data)
    case 'http':
      for (const [name, value] of Object.entries(replyHeaders(reply))) {
        httpAdapter.setHeader(host.switchToHttp().getResponse(), name, value)
      }
      // Of a text Nest would make JSON.
      if (typeof data === 'string') return new HttpException(new StreamableFile(new TextEncoder().encode(data)), status)
  }
  return new HttpException({ statusCode: status, ...(typeof data === 'string' ? { message: data } : data) }, status)
}
