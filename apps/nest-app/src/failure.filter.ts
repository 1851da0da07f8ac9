import { Catch, HttpException } from '@nestjs/common'
import type { ArgumentsHost } from '@nestjs/common'
import { BaseExceptionFilter } from '@nestjs/core'
import { isSalesforceAuthError, SalesforceAuthError } from '@orgpass/core'
import { SalesforceErrorFilter } from '@orgpass/nest'
import type { Request, Response } from 'express'
import { failurePage } from './pages/failure-page.ts'

/** A page for a person who opens an address, JSON for everybody else. */
@Catch(SalesforceAuthError, HttpException)
export class FailureFilter extends SalesforceErrorFilter {
  override catch(thrown: SalesforceAuthError | HttpException, host: ArgumentsHost): unknown {
    const status = thrown instanceof HttpException ? thrown.getStatus() : thrown.status
    // Below 400 it is the guard's redirect to the login.
    if (host.getType() === 'http' && status >= 400 && isPerson(host.switchToHttp().getRequest<Request>())) {
      host
        .switchToHttp()
        .getResponse<Response>()
        .status(status)
        .type('html')
        .send(failurePage(explain(thrown)).text)
      return undefined
    }
    // oxlint-disable-next-line promise/valid-params -- It is a filter's, not a promise's.
    if (!(thrown instanceof HttpException)) return super.catch(thrown, host)
    if (host.getType() !== 'http') throw thrown
    return BaseExceptionFilter.prototype.catch.call(this, thrown, host)
  }
}

function isPerson(request: Request): boolean {
  return request.headers['sec-fetch-dest'] === 'document' || request.accepts('json', 'html') === 'html'
}

/** The auth routes say what went wrong as the cause of an HttpException. */
function explain(thrown: SalesforceAuthError | HttpException): { message: string; hint?: string } {
  const error = thrown instanceof HttpException ? thrown.cause : thrown
  if (isSalesforceAuthError(error) && !error.expose) {
    console.error(error)
    return { message: 'The app could not do this. Its log says why.' }
  }
  const { message, hint } = isSalesforceAuthError(error) ? error : { message: thrown.message, hint: undefined }
  return { message, ...(hint !== undefined && { hint }) }
}
