import { existsSync, globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Makes each workspace package, and all that any of them depends on, resolvable from beside `modules`. */
export function linkPackages(root: string, modules: string): void {
  const link = (name: string, target: string): void => {
    const path = join(modules, name)
    if (existsSync(path)) return
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(target, path)
  }
  const homes = globSync('{packages,apps}/*/package.json', { cwd: root })
    .sort((a, b) => b.localeCompare(a))
    .map((manifest) => dirname(join(root, manifest)))
  for (const home of homes) {
    const { name } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { name: string }
    link(name, home)
  }
  for (const home of homes)
    for (const name of globSync(['[!@.]*', '@*/*'], { cwd: join(home, 'node_modules') }))
      link(name, join(home, 'node_modules', name))
}
