import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** What the describe block of every run of the contract begins with; the host's name follows. */
export const CONTRACT_TITLE = 'adapter contract: '

const STATES = ['passed', 'failed', 'skipped'] as const
type Counts = Record<(typeof STATES)[number], number>

/** A Vitest reporter that prints, at the end, how the contract went on each host; nothing when it did not run. */
export function hostTable(print: (text: string) => void = console.log): Reporter {
  return {
    onTestRunEnd(modules) {
      const table = formatHosts(countByHost(modules))
      if (table !== '') print(table)
    },
  }
}

function countByHost(modules: readonly TestModule[]): Map<string, Counts> {
  const hosts = new Map<string, Counts>()
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const host = hostOf(test)
      if (host === undefined) continue
      const counts = hosts.get(host) ?? { passed: 0, failed: 0, skipped: 0 }
      const { state } = test.result()
      // What never ran, because the run was cut short, has not passed.
      counts[state === 'pending' ? 'failed' : state]++
      hosts.set(host, counts)
    }
  }
  return hosts
}

function hostOf(test: TestCase): string | undefined {
  let { parent } = test
  while (parent.type === 'suite') {
    if (parent.name.startsWith(CONTRACT_TITLE)) return parent.name.slice(CONTRACT_TITLE.length)
    parent = parent.parent
  }
  return undefined
}

/** One line a host, in columns; empty without hosts. */
export function formatHosts(hosts: ReadonlyMap<string, Counts>): string {
  if (hosts.size === 0) return ''
  const sorted = Array.from(hosts).toSorted(([a], [b]) => a.localeCompare(b))
  const rows = sorted.map(([name, counts]) => [name, ...STATES.map((state) => String(counts[state]))])
  const header = ['adapter contract', ...STATES]
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  return ['', line(header), ...rows.map(line), ''].join('\n')
}
