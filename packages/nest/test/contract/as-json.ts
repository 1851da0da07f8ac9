import { Catch, HttpException } from '@nestjs/common'
import type { ArgumentsHost } from '@nestjs/common'
import { BaseExceptionFilter } from '@nestjs/core'
import { isSalesforceAuthError } from '@orgpass/core'

/** An app's own filter for everything. The kit's errors come by themselves or, from the auth routes, as a cause. */
@Catch()
export class AsJson extends BaseExceptionFilter {
  override catch(thrown: unknown, host: ArgumentsHost): void {
    const error = thrown instanceof HttpException ? thrown.cause : thrown
    const internal = thrown instanceof HttpException ? thrown : new HttpException({ error: 'internal' }, 500)
    const answer = isSalesforceAuthError(error) ? new HttpException(error.toJSON(), error.status) : internal
    // oxlint-disable-next-line promise/valid-params -- It is a filter's, not a promise's.
    super.catch(answer, host)
  }
}
