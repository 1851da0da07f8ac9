import { Inject, Injectable } from '@nestjs/common'
import type { CanActivate, ExecutionContext } from '@nestjs/common'
import { HttpAdapterHost, ModuleRef } from '@nestjs/core'
import { refusalOf } from './exceptions.ts'
import { sourceToken } from './instance.ts'
import type { Source } from './instance.ts'
import { keepAuth, openAuth } from './request-auth.ts'
import { judge } from './rules.ts'

/**
 * Lets nobody pass who is not logged in, but where `@Public()` or another decorator says otherwise. Provide it once as
 * `APP_GUARD`, or put it on controllers, resolvers and gateways with `@UseGuards(SalesforceGuard)`.
 *
 * It refuses with Nest's own exceptions (`HttpException`, `WsException`, `RpcException`), so exception filters see
 * them like any other.
 */
@Injectable()
export class SalesforceGuard implements CanActivate {
  readonly #modules: ModuleRef
  readonly #host: HttpAdapterHost

  constructor(@Inject(ModuleRef) modules: ModuleRef, @Inject(HttpAdapterHost) host: HttpAdapterHost) {
    this.#modules = modules
    this.#host = host
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const find = openAuth(context, (name) => this.#modules.get<Source>(sourceToken(name), { strict: false }))
    const reply = await judge(context, find)
    if (reply !== undefined) throw await refusalOf(reply, context, this.#host)
    keepAuth(context, find)
    return true
  }
}
