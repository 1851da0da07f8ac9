import { SetMetadata } from '@nestjs/common'
import type { ExecutionContext } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { requiresAuth, requiresBearer, requiresHandshakeOrigin } from '@orgpass/core'
import type { Guard } from '@orgpass/core'
import { carrierOf, isHandshake } from './carrier.ts'
import { DEFAULT_NAME } from './instance.ts'
import type { InstanceOptions } from './instance.ts'

/** Goes on a controller, resolver or gateway, or on one of its methods. */
export type AccessDecorator = ClassDecorator & MethodDecorator

interface Access extends InstanceOptions {
  readonly entrance: 'public' | 'optional' | 'session' | 'bearer'
}

interface Requirement extends InstanceOptions {
  readonly guard: Guard
}

/** What a handler demands. */
export interface Rules {
  /** The instance that says who is there. */
  readonly name: string
  /** Whether strangers pass without being judged. */
  readonly optional: boolean
  /** In the order of asking. */
  readonly checks: readonly Required<Requirement>[]
}

const ACCESS = Symbol('orgpass: who may enter')
const REQUIREMENTS = Symbol('orgpass: what is required')
const reflector = new Reflector()

/** Lets everybody pass, whatever the class requires. A requirement right beside it still holds. */
export function Public(): AccessDecorator {
  return access({ entrance: 'public' })
}

/** Lets strangers pass; who is logged in is judged by the requirements as usual. */
export function OptionalAuth(options?: InstanceOptions): AccessDecorator {
  return access({ entrance: 'optional', ...options })
}

/** Demands a login, as the guard does by itself: for a method of a public class, or for another instance. */
export function RequiresAuth(options?: InstanceOptions): AccessDecorator {
  return access({ entrance: 'session', ...options })
}

/** Demands a Salesforce access token in place of a login; see core's `requiresBearer` and its option `bearer`. */
export function RequiresBearer(options?: InstanceOptions): AccessDecorator {
  return access({ entrance: 'bearer', ...options })
}

function access(value: Access): AccessDecorator {
  return SetMetadata(ACCESS, value)
}

/** Adds a guard, core's or your own. Those of the class are asked first, then from top to bottom. */
export function Requires(guard: Guard, options?: InstanceOptions): AccessDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const home = descriptor === undefined ? target : (descriptor.value as object)
    // Decorators run from the last to the first, and a class inherits what its base requires.
    Reflect.defineMetadata(REQUIREMENTS, [{ guard, ...options }, ...requirementsOf(home)], home)
  }
}

export function rulesOf(context: ExecutionContext): Rules {
  const [handler, home] = [context.getHandler(), context.getClass()]
  const own = accessOf(handler)
  const { entrance, name = DEFAULT_NAME } = own ?? accessOf(home) ?? { entrance: 'session' }
  const entry = entryGuards(entrance, context).map((guard) => ({ guard }))
  const ofClass = own?.entrance === 'public' ? [] : requirementsOf(home)
  const checks = [...entry, ...ofClass, ...requirementsOf(handler)].map((one) => ({ name, ...one }))
  return { name, optional: entrance === 'optional', checks }
}

function entryGuards(entrance: Access['entrance'], context: ExecutionContext): readonly Guard[] {
  if (entrance === 'public' || entrance === 'optional') return []
  // Calls between services have no session: who calls is known by a token, or not at all.
  if (entrance === 'bearer' || context.getType() === 'rpc') return [requiresBearer()]
  return isHandshake(carrierOf(context)) ? [requiresHandshakeOrigin(), requiresAuth()] : [requiresAuth()]
}

function accessOf(target: object): Access | undefined {
  return reflector.get<Access | undefined, symbol>(ACCESS, target as () => void)
}

function requirementsOf(target: object): readonly Requirement[] {
  return reflector.get<readonly Requirement[] | undefined, symbol>(REQUIREMENTS, target as () => void) ?? []
}
