import { createParamDecorator } from '@nestjs/common'
import type { ExecutionContext } from '@nestjs/common'
import type { RequestAuth } from '@orgpass/core'
import { DEFAULT_NAME } from './instance.ts'
import type { InstanceOptions } from './instance.ts'
import { authOf } from './request-auth.ts'

/** Compiles on parameters that take a `Value`, and on no others. */
export type ParameterOf<Value> = <Target extends object, Key extends keyof Target, Index extends number>(
  target: Target,
  key: Key & (string | symbol),
  index: Takes<Target[Key], Index, Value> extends true ? Index : never,
) => void

type Takes<Method, Index extends number, Value> = Method extends (...parameters: infer Parameters) => unknown
  ? Value extends Parameters[Index]
    ? true
    : false
  : false

const inject = createParamDecorator(
  ({ name = DEFAULT_NAME }: InstanceOptions, context: ExecutionContext): RequestAuth => authOf(context, name),
)

/** The session and connection of what is being handled: `me(@Salesforce() salesforce: RequestAuth)`. */
export function Salesforce(options: InstanceOptions = {}): ParameterOf<RequestAuth> {
  return inject(options)
}
