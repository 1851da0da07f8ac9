/** Counts, per session, how often this process renewed its token. */
export interface Renewals {
  count(sessionId: string): number
  add(sessionId: string): void
  forget(sessionId: string): void
}

const MOST_SESSIONS = 1_000

export function countRenewals(): Renewals {
  const counts = new Map<string, number>()
  return {
    count: (sessionId) => counts.get(sessionId) ?? 0,
    add(sessionId) {
      const [oldest] = counts.keys()
      if (oldest !== undefined && counts.size >= MOST_SESSIONS && !counts.has(sessionId)) counts.delete(oldest)
      counts.set(sessionId, (counts.get(sessionId) ?? 0) + 1)
    },
    forget: (sessionId) => void counts.delete(sessionId),
  }
}
