import { createParamDecorator } from '@nestjs/common'
import type { ExecutionContext } from '@nestjs/common'
import { ConfigError } from '@orgpass/core'
import type { RequestAuth, SalesforceAuth } from '@orgpass/core'
import { recallAuth } from '@orgpass/core/node'
import type { InstanceOptions } from '@orgpass/core/node'
import { DEFAULT_NAME } from './instance.ts'
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

/** The auth of what is being handled, by the name of an instance. */
export type FindAuth = (name: string) => RequestAuth

interface Passed {
  readonly home: object
  readonly method: object
  readonly find: FindAuth
}

// Of WebSocket clients, subscriptions and calls. Their handlers run side by side, each with what its own guard let pass.
const passed = new WeakMap<object, readonly Passed[]>()

/** @throws {ConfigError} `config/not-mounted` */
export function authOf(context: ExecutionContext, name: string): RequestAuth {
  const { key, open } = subjectOf(context)
  if (open === undefined) return recallAuth(key, name)
  const own = passed.get(key)?.find((one) => isFor(one, context))
  if (own !== undefined) return own.find(name)
  const problem = 'did not run before this handler'
  const hint =
    'Put @UseGuards(SalesforceGuard) on its class. APP_GUARD does in a hybrid app with inheritAppConfig, and before ' +
    "fields of GraphQL with fieldResolverEnhancers: ['guards']."
  throw new ConfigError([{ option: 'SalesforceGuard', problem, hint }], 'config/not-mounted')
}

/** Opens what the middleware did not see: for each message anew, so that a session that ended meanwhile is noticed. */
export function openAuth(context: ExecutionContext, instance: (name: string) => SalesforceAuth): FindAuth {
  const { key, open } = subjectOf(context)
  if (open === undefined) return (name) => recallAuth(key, name)
  const known = new Map<string, RequestAuth>()
  return (name) => {
    const auth = known.get(name) ?? open(instance(name))
    known.set(name, auth)
    return auth
  }
}

/** Keeps for a handler what its guard let pass. Before, another message's handler could find what is not judged yet. */
export function keepAuth(context: ExecutionContext, find: FindAuth): void {
  const { key, open } = subjectOf(context)
  if (open === undefined) return
  const others = passed.get(key)?.filter((one) => !isFor(one, context)) ?? []
  passed.set(key, [...others, { home: context.getClass(), method: context.getHandler(), find }])
}

function isFor({ home, method }: Passed, context: ExecutionContext): boolean {
  return home === context.getClass() && method === context.getHandler()
}
