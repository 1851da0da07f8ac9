import { chown, cp } from 'node:fs/promises'
import { join } from 'node:path'

/** The user of whom servers run that refuse to run as root: nobody. */
const NOBODY = { uid: 65_534, gid: 65_534 }

const isRoot = (): boolean => process.getuid?.() === 0

/** How a program is started that refuses to run as root. */
export function asOrdinaryUser(command: string, args: readonly string[]): { command: string; args: string[] } {
  if (!isRoot()) return { command, args: [...args] }
  return { command: 'setpriv', args: ['--reuid=nobody', '--regid=nogroup', '--clear-groups', command, ...args] }
}

/**
 * Where such a program finds what was unpacked at `root`: there, or copied into a folder of that user, who cannot enter
 * every folder of root's.
 */
export async function withinReach(root: string, folder: string): Promise<string> {
  if (!isRoot()) return root
  const copy = join(folder, 'programs')
  await cp(root, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

/** Gives files to the user of whom such programs run. */
export async function giveToOrdinaryUser(...paths: readonly string[]): Promise<void> {
  if (isRoot()) await Promise.all(paths.map((path) => chown(path, NOBODY.uid, NOBODY.gid)))
}
