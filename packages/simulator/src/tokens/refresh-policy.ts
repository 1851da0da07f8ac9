import type { RefreshTokenPolicy } from '../apps/policies.ts'
import type { Approval } from '../authorization/approvals.ts'

interface Dates {
  issuedAt: number
  lastUsedAt: number
  approval: Approval
}

/** When the app's policy ends a refresh token. A lifetime counts from the approval, through all rotations. */
export function lastMoment(policy: RefreshTokenPolicy, token: Dates): number {
  switch (policy.kind) {
    case 'untilRevoked':
      return Number.POSITIVE_INFINITY
    case 'immediately':
      return token.issuedAt
    case 'idle':
      return token.lastUsedAt + policy.afterMs
    case 'lifetime':
      return token.approval.approvedAt + policy.afterMs
  }
}
