import { keyFaults } from '../crypto/private-key.ts'
import { ConfigError } from '../errors/errors.ts'
import type { ConfigFault } from '../errors/errors.ts'

/** A key and the user it speaks for, before anything of them is checked. */
export interface KeyGrant {
  readonly key: unknown
  readonly username: unknown
}

/** @throws {ConfigError} `config/invalid` with all that {@link keyGrantFaults} finds. */
export function requireKeyGrant(grant: KeyGrant): void {
  const faults = keyGrantFaults(grant)
  if (faults.length > 0) throw new ConfigError(faults)
}

/** What is wrong as far as it shows before the key is imported. */
export function keyGrantFaults({ key, username }: KeyGrant): readonly ConfigFault[] {
  return [...keyFaults('key', key), ...usernameFaults(username)]
}

function usernameFaults(username: unknown): readonly ConfigFault[] {
  if (typeof username === 'string' && username.trim() !== '') return []
  const problem = username === undefined || username === null ? 'is missing' : 'is empty or no text'
  const hint =
    'Give the user name to act as, exactly as Setup › Users shows it: in a sandbox it ends with the name of the sandbox.'
  return [{ option: 'username', problem, hint }]
}
