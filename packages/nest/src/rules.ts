import type { ExecutionContext } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { requiresAuth, requiresBearer, requiresHandshakeOrigin } from '@orgpass/core'
import type { Guard, Reply } from '@orgpass/core'
import type { FindAuth, InstanceOptions } from '@orgpass/core/node'
import { DEFAULT_NAME } from './instance.ts'
import { subjectOf } from './subject.ts'

type Entrance = 'public' | 'optional' | 'session' | 'bearer'
type Access = InstanceOptions & { readonly entrance: Entrance }
type Requirement = InstanceOptions & { readonly guard: Guard }

const CLOSED: Access = { entrance: 'session' }

const reflector = new Reflector()
const SetRequirements = Reflector.createDecorator<readonly Requirement[]>()

/** The last one stands; a method's takes the place of its class's. */
export const SetAccess = Reflector.createDecorator<Access>()

/** Requirements add up: decorators run from the last to the first, and a class inherits those of its base. */
export function addRequirement(requirement: Requirement): ClassDecorator & MethodDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const home = descriptor === undefined ? target : (descriptor.value as object)
    SetRequirements([requirement, ...requirementsOf(home)])(target as never, key as never, descriptor as never)
  }
}

/** Asks what a handler demands, and answers what to reply to who does not fulfil it. */
export async function judge(context: ExecutionContext, find: FindAuth): Promise<Reply | undefined> {
  const [method, home] = [context.getHandler(), context.getClass()]
  const own = reflector.get<Access | undefined>(SetAccess.KEY, method)
  const { entrance, name = DEFAULT_NAME } = own ?? accessOf(home)
  const isStranger = entrance === 'optional' && (await (await find(name)).caller()) === undefined
  const entry = entryGuards(entrance, context).map((guard) => ({ guard, name }))
  const ofClass = own?.entrance === 'public' ? [] : requirementsOf(home)
  const asked = ofClass.filter((required) => !isStranger || (required.name ?? name) !== name)
  for (const required of [...entry, ...asked, ...requirementsOf(method)]) {
    const reply = await required.guard(await find(required.name ?? name))
    if (reply !== undefined) return reply
  }
  return undefined
}

/** A class that is open says nothing of what is written below it. */
function accessOf(home: object): Access {
  const own = Reflect.getOwnMetadata(SetAccess.KEY, home) as Access | undefined
  const { entrance, ...rest } = own ?? reflector.get<Access | undefined>(SetAccess.KEY, home as () => void) ?? CLOSED
  const isOpen = entrance === 'public' || entrance === 'optional'
  return { ...rest, entrance: own === undefined && isOpen ? CLOSED.entrance : entrance }
}

function requirementsOf(target: object): readonly Requirement[] {
  return reflector.get<readonly Requirement[] | undefined>(SetRequirements.KEY, target as () => void) ?? []
}

function entryGuards(entrance: Entrance, context: ExecutionContext): readonly Guard[] {
  if (entrance === 'public' || entrance === 'optional') return []
  // Calls between services have no session: who calls is known by a token, or not at all.
  if (entrance === 'bearer' || context.getType() === 'rpc') return [requiresBearer()]
  return subjectOf(context).isHandshake ? [requiresHandshakeOrigin(), requiresAuth()] : [requiresAuth()]
}
