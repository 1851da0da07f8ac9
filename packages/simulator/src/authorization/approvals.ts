import type { Place } from '../http/hosts.ts'
import { newSecretId } from '../ids.ts'
import type { Site, User } from '../state.ts'
import type { World } from '../world.ts'

/** One row of "OAuth connected apps" of a user: one authorization and every token that came from it. */
export interface Approval {
  readonly id: string
  readonly username: string
  readonly userId: string
  readonly orgId: string
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Epoch milliseconds. */
  readonly approvedAt: number
  /** Epoch milliseconds of the last refresh, at first of the approval. */
  lastUsedAt: number
  useCount: number
  /** The issuer of its ID tokens: where the login really ended. */
  readonly issuer: string
  readonly site?: Site
  /** The visitor who came as a guest, in JWT access tokens. */
  readonly uvid?: string
  /** Comes from a policy, not from the person: outside the limit of five, and no consent to anything. */
  readonly standing?: true
}

const limitPerUserAndApp = 5

export function approvalsOf(world: World, userId: string, clientId?: string): Approval[] {
  return world.state.approvals.filter(
    (approval) => approval.userId === userId && (clientId === undefined || approval.clientId === clientId),
  )
}

export function isPersonal(approval: Approval): boolean {
  return !approval.standing
}

interface Headless {
  clientId: string
  user: User
  scopes: readonly string[]
  place: Place
}

/** The authorization of logins without a browser: one per user, app and scopes, however often they log in. */
export function standingApproval(world: World, { clientId, user, scopes, place }: Headless): Approval {
  const now = world.clock.now()
  const isSame = (one: Approval): boolean =>
    one.standing === true && one.scopes.join(' ') === scopes.join(' ') && one.site === place.site
  const known = approvalsOf(world, user.id, clientId).find(isSame)
  if (known) {
    known.lastUsedAt = now
    known.useCount += 1
    return known
  }
  const approval: Approval = {
    id: newSecretId(),
    userId: user.id,
    username: user.username,
    orgId: user.orgId,
    clientId,
    scopes,
    approvedAt: now,
    lastUsedAt: now,
    useCount: 1,
    issuer: place.base,
    standing: true,
    ...(place.site && { site: place.site }),
  }
  world.state.approvals.push(approval)
  return approval
}

/** Records an authorization. The sixth of a user and app silently ends the oldest. */
export function addApproval(
  world: World,
  given: Omit<Approval, 'id' | 'approvedAt' | 'lastUsedAt' | 'useCount'>,
): Approval {
  const now = world.clock.now()
  const approval = { ...given, id: newSecretId(), approvedAt: now, lastUsedAt: now, useCount: 1 }
  const oldest = approvalsOf(world, given.userId, given.clientId)
    .filter(isPersonal)
    .slice(0, 1 - limitPerUserAndApp)
  for (const one of oldest) endApproval(world, one.id)
  world.state.approvals.push(approval)
  return approval
}

/** Ends an authorization with all its tokens. */
export function endApproval(world: World, id: string): void {
  const { state } = world
  state.approvals = state.approvals.filter((approval) => approval.id !== id)
  for (const token of state.tokensByApproval.get(id) ?? []) token.end ??= 'revoked'
}

export function endApprovals(world: World, matches: (approval: Approval) => boolean): void {
  for (const approval of world.state.approvals.filter(matches)) endApproval(world, approval.id)
}
