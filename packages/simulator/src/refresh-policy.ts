import type { Approval } from './approvals.ts'
import type { RefreshTokenPolicy } from './policies.ts'

/** Whether the app's policy has ended a refresh token. A lifetime counts from the approval, through all rotations. */
export function isPlayedOut(
  policy: RefreshTokenPolicy,
  token: { lastUsedAt: number; approval: Approval },
  now: number,
): boolean {
  switch (policy.kind) {
    case 'untilRevoked':
      return false
    case 'immediately':
      return true
    case 'idle':
      return now - token.lastUsedAt >= policy.afterMs
    case 'lifetime':
      return now - token.approval.approvedAt >= policy.afterMs
  }
}
