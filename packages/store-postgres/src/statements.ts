/** One statement each, so that a pooler may hand every one of them to another connection. Only the server's clock counts. */
export interface Statements {
  readonly get: string
  readonly set: string
  readonly setFenced: string
  readonly delete: string
  readonly list: string
  readonly page: string
  readonly acquire: string
  readonly renew: string
  readonly release: string
  readonly sweepEntries: string
  readonly sweepLocks: string
}

/** What ends later than this is kept for good: dates go no further everywhere. Milliseconds. */
const LONGEST_LIFE = '1e14::float8'
/** Rows that one sweep deletes at the most. */
export const SWEEP_SIZE = 1_000

const after = (parameter: string): string =>
  `clock_timestamp() + least(${parameter}::float8, ${LONGEST_LIFE}) * interval '1 millisecond'`
const REPLACE = `ON CONFLICT (key) DO UPDATE SET value = excluded.value, owner = excluded.owner, expires_at = excluded.expires_at
RETURNING 1 AS written`

export function statementsFor(schema: string): Statements {
  const [entries, locks] = [`${schema}.entries`, `${schema}.locks`]
  return {
    get: `SELECT value FROM ${entries} WHERE key = $1 AND expires_at > clock_timestamp()`,
    set: `INSERT INTO ${entries} (key, value, owner, expires_at)
VALUES ($1::bytea, $2::bytea, $3::bytea, ${after('$4')}) ${REPLACE}`,
    // The share lock makes the next holder wait until this write is done, or this write see the next holder's fence.
    setFenced: `WITH held AS (SELECT FROM ${locks} WHERE key = $1::bytea AND fence = $5::bigint FOR SHARE)
INSERT INTO ${entries} (key, value, owner, expires_at)
SELECT $1::bytea, $2::bytea, $3::bytea, ${after('$4')} WHERE EXISTS (SELECT FROM held) ${REPLACE}`,
    delete: `DELETE FROM ${entries} WHERE key = $1`,
    list: `SELECT key FROM ${entries} WHERE owner = $1 AND expires_at > clock_timestamp()`,
    page: `SELECT key FROM ${entries}
WHERE key >= $1 AND key < $2 AND owner IS NOT NULL AND expires_at > clock_timestamp() ORDER BY key LIMIT $3`,
    acquire: `INSERT INTO ${locks} AS lock (key, fence, held_until)
VALUES ($1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, ${after('$2')})
ON CONFLICT (key) DO UPDATE SET fence = greatest(lock.fence + 1, excluded.fence), held_until = excluded.held_until
WHERE lock.held_until <= clock_timestamp()
RETURNING fence`,
    renew: `UPDATE ${locks} SET held_until = ${after('$3')}
WHERE key = $1 AND fence = $2::bigint AND held_until > clock_timestamp() RETURNING 1 AS held`,
    release: `UPDATE ${locks} SET held_until = clock_timestamp()
WHERE key = $1 AND fence = $2::bigint AND held_until > clock_timestamp()`,
    sweepEntries: `DELETE FROM ${entries} WHERE key IN
(SELECT key FROM ${entries} WHERE expires_at <= clock_timestamp() LIMIT ${SWEEP_SIZE} FOR UPDATE SKIP LOCKED) RETURNING 1`,
    // One that was free for a day is forgotten: a write under its fence comes too late anyway.
    sweepLocks: `DELETE FROM ${locks} WHERE key IN
(SELECT key FROM ${locks} WHERE held_until <= clock_timestamp() - interval '1 day' LIMIT ${SWEEP_SIZE} FOR UPDATE SKIP LOCKED) RETURNING 1`,
  }
}
