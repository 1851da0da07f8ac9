import type { ObjectSchema } from './object-schema.ts'
import { findObject } from './schema.ts'

/** Who makes a call, as far as the REST API must know. */
export interface RestCaller {
  readonly user: {
    /** 18 characters. */
    readonly id: string
    /** May change users, too. */
    readonly isAdmin: boolean
    /** May change records. */
    readonly mayEdit: boolean
    /** Works for the company, unlike its customers and partners. */
    readonly isInternal: boolean
    /** Holds "View Setup and Configuration". */
    readonly maySeeSetup: boolean
  }
  /** Where this user's identity is served; the resource list names it. */
  readonly identityUrl: string
}

export interface RestEnvironment {
  Variables: { caller: RestCaller; version: string }
}

/** Looks up objects by name; `undefined` for unknown ones and for those that somebody may not read. */
export type ObjectFinder = (name: string) => ObjectSchema | undefined

/** To whom may not read it, an object does not exist. */
export function objectsFor({ user: { isInternal, maySeeSetup } }: RestCaller): ObjectFinder {
  const isVisible = ({ readers }: ObjectSchema): boolean =>
    readers === undefined || (isInternal && (readers === 'internalUsers' || maySeeSetup))
  return (name) => {
    const schema = findObject(name)
    return schema && isVisible(schema) ? schema : undefined
  }
}
