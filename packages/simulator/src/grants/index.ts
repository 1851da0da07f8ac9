import * as authorizationCode from './authorization-code.ts'
import type { Grant } from './grant.ts'
import * as refreshToken from './refresh-token.ts'

export const grants: readonly Grant[] = [authorizationCode, refreshToken]
