import { createParamDecorator } from '@nestjs/common'
import type { ExecutionContext } from '@nestjs/common'
import { ConfigError } from '@orgpass/core'
import type { RequestAuth, SalesforceAuth } from '@orgpass/core'
import { recallAuth } from '@orgpass/core/node'
import { DEFAULT_NAME } from './instance.ts'
import type { InstanceOptions } from './instance.ts'
import { subjectOf } from './subject.ts'

/** Compiles on parameters that take a `Value`, and on no others. */
export type DecoratorOf<Value> = <
  Target extends object,
  Key extends keyof Target & (string | symbol),
  Index extends number,
>(
  target: Target,
  key: Key,
  index: Target[Key] extends (...parameters: infer All) => unknown ? (Value extends All[Index] ? Index : never) : never,
) => void

/** The session and connection of what is being handled: `me(@Salesforce() salesforce: RequestAuth)`. */
export const Salesforce: (options?: InstanceOptions) => DecoratorOf<RequestAuth> = createParamDecorator(
  (options: InstanceOptions | undefined, context: ExecutionContext) => authOf(context, options?.name ?? DEFAULT_NAME),
)

// Of WebSocket clients, subscriptions and calls.
const opened = new WeakMap<object, (name: string) => RequestAuth>()

/** @throws {ConfigError} `config/not-mounted` */
export function authOf(context: ExecutionContext, name: string): RequestAuth {
  const { key, open } = subjectOf(context)
  if (open === undefined) return recallAuth(key, name)
  const auth = opened.get(key)?.(name)
  if (auth !== undefined) return auth
  const problem = 'did not run before this handler'
  const hint = 'Put @UseGuards(SalesforceGuard) on its class. APP_GUARD does in a hybrid app with inheritAppConfig.'
  throw new ConfigError([{ option: 'SalesforceGuard', problem, hint }], 'config/not-mounted')
}

/** Opens what the middleware did not see: for each message anew, so that a session that ended meanwhile is noticed. */
export function openAuth(context: ExecutionContext, find: (name: string) => SalesforceAuth): void {
  const { key, open } = subjectOf(context)
  if (open === undefined) return
  const known = new Map<string, RequestAuth>()
  opened.set(key, (name) => {
    const auth = known.get(name) ?? open(find(name))
    known.set(name, auth)
    return auth
  })
}
