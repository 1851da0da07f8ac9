import type { Guard } from '../auth/guards.ts'
import type { InstanceOptions } from './instance-options.ts'

type OneOrMore = string | readonly string[]

/** A guard about names, such as those of scopes, in the shape of a framework. */
export type ShapedGuard<Shape> = (required: OneOrMore, options?: InstanceOptions) => Shape

/**
 * Puts a guard about names into the shape that an adapter's `requires` gives to any guard. The mark tells bundlers that
 * they may leave out what an app does not use.
 */
/* @__NO_SIDE_EFFECTS__ */
export function shapeGuard<Shape>(
  requires: (guard: Guard, options?: InstanceOptions) => Shape,
  guardOf: (required: OneOrMore) => Guard,
): ShapedGuard<Shape> {
  return (required, options) => requires(guardOf(required), options)
}
