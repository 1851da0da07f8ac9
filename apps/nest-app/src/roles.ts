import { applyDecorators } from '@nestjs/common'
import { ApiForbiddenResponse } from '@nestjs/swagger'
import { RequiresProfile } from '@orgpass/nest'

// The names of your org's profiles go here: Setup › Profiles.
export const MANAGERS: readonly string[] = ['System Administrator']
export const SELLERS: readonly string[] = [...MANAGERS, 'Sales User', 'Standard User']

/** Sees whose book holds what. */
export function ForManagers(): ClassDecorator & MethodDecorator {
  const description = 'Your profile is none of the managers'
  return applyDecorators(RequiresProfile(MANAGERS), ApiForbiddenResponse({ description }))
}

/** Hands accounts over. */
export function ForSellers(): ClassDecorator & MethodDecorator {
  const description = 'Your profile may read only'
  return applyDecorators(RequiresProfile(SELLERS), ApiForbiddenResponse({ description }))
}
