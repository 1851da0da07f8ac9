import type { Script } from './scripts.ts'

/** What the store needs of a client of the package `redis`; every such client fits, connected by the app. */
export interface RedisClient {
  hGet(key: string, field: string): Promise<unknown>
  evalSha(sha: string, options: ScriptOptions): Promise<unknown>
  scriptLoad(script: string): Promise<unknown>
}

interface ScriptOptions {
  readonly keys: string[]
  readonly arguments: string[]
}

const hashes = new WeakMap<Script, string>()

/** Runs a script by its hash; a server that does not know it, after a restart for example, is sent the whole first. */
export async function run(client: RedisClient, script: Script, options: ScriptOptions): Promise<unknown> {
  const known = hashes.get(script)
  if (known !== undefined) {
    try {
      return await client.evalSha(known, options)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    }
  }
  const hash = String(await client.scriptLoad(script.source))
  hashes.set(script, hash)
  return client.evalSha(hash, options)
}
