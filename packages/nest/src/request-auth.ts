import { createParamDecorator } from '@nestjs/common'
import type { ExecutionContext } from '@nestjs/common'
import { ConfigError } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'
import { keepPassed, openOnce, recallAuth, recallPassed } from '@orgpass/core/node'
import type { FindAuth, InstanceOptions } from '@orgpass/core/node'
import type { Source } from './instance.ts'
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
  (options: InstanceOptions | undefined, context: ExecutionContext) => authOf(context, options?.name),
)

/** @throws {ConfigError} `config/not-mounted` */
export async function authOf(context: ExecutionContext, name?: string): Promise<RequestAuth> {
  const { key, open } = subjectOf(context)
  if (open === undefined) return recallAuth(key, name)
  const find = recallPassed(key, handlerOf(context))
  if (find !== undefined) return find(name)
  const problem = 'did not run before this handler'
  const hint =
    'Put @UseGuards(SalesforceGuard) on its class. APP_GUARD does in a hybrid app with inheritAppConfig, and before ' +
    "fields of GraphQL with fieldResolverEnhancers: ['guards']."
  throw new ConfigError([{ option: 'SalesforceGuard', problem, hint }], 'config/not-mounted')
}

/** Opens what the middleware did not see: for each message anew, so that a session that ended meanwhile is noticed. */
export function openAuth(context: ExecutionContext, source: (name: string) => Source): FindAuth {
  const { key, open } = subjectOf(context)
  return open === undefined ? async (name) => recallAuth(key, name) : openOnce(async (name) => open(source(name)))
}

/** Keeps for a handler what its guard let pass; where the middleware ran, it is there already. */
export function keepAuth(context: ExecutionContext, find: FindAuth): void {
  const { key, open } = subjectOf(context)
  if (open !== undefined) keepPassed(key, handlerOf(context), find)
}

function handlerOf(context: ExecutionContext): readonly object[] {
  return [context.getClass(), context.getHandler()]
}
