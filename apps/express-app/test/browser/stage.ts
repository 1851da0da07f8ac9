import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { tell } from '../story.ts'
import type { Story } from '../story.ts'

// A loaded machine takes seconds for a page.
export const PATIENT: { timeout: number } = { timeout: 15_000 }
export const BROWSER_TIME: { timeout: number } = { timeout: 90_000 }

export interface Stage {
  readonly story: Story
  /** The first tab of this test's own browser profile. */
  readonly page: Page
  /** Another tab of it. */
  openTab(): Promise<Page>
}

/**
 * Sets up one app for the tests around it, and a fresh browser profile for each. A page whose script fails, or that
 * is blocked by its own policy, fails its test.
 */
export function setStage(browser: Browser | undefined, options: BrowserContextOptions = {}): Stage {
  let story: Story | undefined
  let context: BrowserContext | undefined
  let page: Page | undefined
  let problems: string[] = []

  async function openTab(): Promise<Page> {
    const tab = await there(context).newPage()
    tab.setDefaultTimeout(PATIENT.timeout)
    tab.on('pageerror', (error) => problems.push(error.message))
    tab.on('console', (line) => {
      if (line.text().includes('Content Security Policy')) problems.push(line.text())
    })
    return tab
  }

  beforeAll(async () => {
    story = await tell()
  })
  beforeEach(async () => {
    there(story).sim.reset()
    problems = []
    context = await there(browser).newContext(options)
    page = await openTab()
  })
  afterEach(async () => {
    await context?.close()
    if (problems.length > 0) throw new Error(problems.join('\n'))
  })
  afterAll(async () => story?.close())

  return {
    get story() {
      return there(story)
    },
    get page() {
      return there(page)
    },
    openTab,
  }
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('This exists only while a test runs.')
  return value
}
