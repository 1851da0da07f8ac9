import { sources } from './tree.ts'

const limit = 250

/** A file that needs more lines says more than one thing. */
export function checkLengths(root: string): string[] {
  return sources(root, '{packages,apps}/*/src/**/*.*', 'tools/**/*.*')
    .filter(({ path }) => !path.startsWith('tools/test/'))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) }))
    .filter(({ lines }) => lines > limit)
    .map(({ path, lines }) => `${path} has ${lines} lines: split it below ${limit + 1}`)
}
