import { Catch } from '@nestjs/common'
import type { ArgumentsHost } from '@nestjs/common'
import { WsException } from '@nestjs/websockets'
import { SalesforceAuthError } from '@orgpass/core'
import { exceptionOf } from '../../src/exceptions.ts'

/** What an app on Nest 11 writes itself: there, Nest's own filter sends nothing to clients of `ws`. */
@Catch(SalesforceAuthError, WsException)
export class SocketFilter {
  catch(error: SalesforceAuthError | WsException, host: ArgumentsHost): void {
    const data = error instanceof WsException ? error.getError() : exceptionOf(error).getResponse()
    host
      .switchToWs()
      .getClient<{ send(text: string): void }>()
      .send(JSON.stringify({ event: 'exception', data }))
  }
}
