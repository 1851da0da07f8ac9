import type { Script } from './scripts.ts'

/** What the store needs of a client of the package `redis`: one of `createClient`, `createClientPool` or `createCluster`. */
export interface RedisClient {
  hGet(key: string, field: string): Promise<unknown>
  evalSha(hash: string, options: ScriptOptions): Promise<unknown>
  eval(source: string, options: ScriptOptions): Promise<unknown>
}

export interface ScriptOptions {
  readonly keys: string[]
  readonly arguments: string[]
}

/** Runs a script by its hash; a server that does not know it, after a restart for example, is sent all of it. */
export async function run(client: RedisClient, script: Script, options: ScriptOptions): Promise<unknown> {
  try {
    return await client.evalSha(await script.hash(), options)
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return client.eval(script.source, options)
  }
}

/**
 * Texts as they are; clients that the app made for bytes are refused, because what they read would look like nothing.
 * @throws {TypeError}
 */
export function textOf(reply: unknown): string | undefined {
  if (reply === null || reply === undefined) return undefined
  if (typeof reply === 'string') return reply
  throw new TypeError('The Redis client answers with bytes in place of text: give the store one without a typeMapping.')
}
