import type { Database } from './database.ts'

/** What each version of the schema adds to the one before. A version that was released never changes. */
const VERSIONS: readonly string[] = [
  `
CREATE TABLE SCHEMA.entries (
  key bytea PRIMARY KEY,
  value bytea NOT NULL,
  owner bytea,
  expires_at timestamptz NOT NULL
);
CREATE INDEX entries_owner ON SCHEMA.entries (owner) WHERE owner IS NOT NULL;
CREATE INDEX entries_expires_at ON SCHEMA.entries (expires_at);
-- No more indexes here, and room in every page: taking a lock then touches one row and no index.
CREATE TABLE SCHEMA.locks (
  key bytea PRIMARY KEY,
  fence bigint NOT NULL,
  held_until timestamptz NOT NULL
) WITH (fillfactor = 50);`,
]

const NAME = /^[a-z_][a-z0-9_]{0,62}$/
/** Keeps processes that start together from migrating together. */
const ADVISORY_LOCK = 5_719_236_004_611

export interface MigrationOptions {
  /** The PostgreSQL schema of the tables. @default 'orgpass' */
  schema?: string
}

/** @throws {RangeError} when it is no plain lower-case name. */
export function checkSchema(schema: string): string {
  if (NAME.test(schema)) return schema
  throw new RangeError(`The schema '${schema}' is not a plain name. Use lower-case letters, digits and underscores.`)
}

/**
 * The SQL that brings a database up to date, from whatever version: for reading it first, and for roles that may not
 * create tables themselves. Run it as one script, again at each update of this package; what is done is left alone.
 * @throws {RangeError} for a schema that is no plain lower-case name.
 */
export function migrationSql({ schema = 'orgpass' }: MigrationOptions = {}): string {
  const name = checkSchema(schema)
  const steps = VERSIONS.map((sql, i) => step(name, { version: i + 1, sql }))
  return [
    'BEGIN;',
    `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK});`,
    `CREATE SCHEMA IF NOT EXISTS ${name};`,
    `CREATE TABLE IF NOT EXISTS ${name}.migrations (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());`,
    ...steps,
    'COMMIT;',
  ].join('\n')
}

function step(schema: string, { version, sql }: { version: number; sql: string }): string {
  return `DO $orgpass$ BEGIN
IF NOT EXISTS (SELECT FROM ${schema}.migrations WHERE version = ${version}) THEN${sql.replaceAll('SCHEMA', schema)}
INSERT INTO ${schema}.migrations (version) VALUES (${version});
END IF;
END $orgpass$;`
}

/**
 * Brings a database up to date. Several processes may do it at once, and again; what is done is left alone.
 * @throws {RangeError} for a schema that is no plain lower-case name.
 * @throws {Error} when this database's role may not create what is missing.
 */
export async function migrate(database: Database, options: MigrationOptions = {}): Promise<void> {
  const { schema = 'orgpass' } = options
  if (await isCurrent(database, checkSchema(schema))) return
  // Several statements sent at once are one transaction by themselves, and leave none open when they fail.
  const sql = migrationSql(options).replace(/^BEGIN;\n|\nCOMMIT;$/g, '')
  try {
    await (database.exec === undefined ? database.query(sql) : database.exec(sql))
  } catch (cause) {
    // Where transactions are stricter than by default, those that waited do not see what was done meanwhile.
    if (await isCurrent(database, schema)) return
    if ((cause as { code?: unknown }).code !== '42501') throw cause
    throw new Error(
      `The database's role may not create the tables in schema ${schema}. Run what migrationSql() prints as a role that may, and grant this one their use.`,
      { cause },
    )
  }
}

async function isCurrent(database: Database, schema: string): Promise<boolean> {
  const { rows } = await database.query(`SELECT to_regclass('${schema}.migrations')::text AS name`)
  if ((rows[0] as { name: string | null }).name === null) return false
  const { rows: versions } = await database.query(`SELECT max(version) AS version FROM ${schema}.migrations`)
  return Number((versions[0] as { version: number | null }).version) >= VERSIONS.length
}
