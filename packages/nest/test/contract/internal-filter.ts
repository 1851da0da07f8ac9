import { Catch, HttpException } from '@nestjs/common'
import type { ArgumentsHost } from '@nestjs/common'
import { BaseExceptionFilter } from '@nestjs/core'

/** An app's own way to answer what nobody expected. */
@Catch()
export class InternalFilter extends BaseExceptionFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    super.catch(error instanceof HttpException ? error : new HttpException({ error: 'internal' }, 500), host)
  }
}
