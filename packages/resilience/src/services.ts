import { startPostgres, startRedis } from '@orgpass/testing/services'
import type { Service } from '@orgpass/testing/services'

/** The servers that these tests need, by name; those that cannot be had were said aloud. */
export async function startServices(): Promise<readonly (readonly [name: string, server: Service | undefined])[]> {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()])
  return [
    ['Redis', redis],
    ['PostgreSQL', postgres],
  ]
}
