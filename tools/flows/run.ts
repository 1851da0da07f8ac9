import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'node:util'
import type { FlowName } from '../../packages/core/src/chooser/flows.ts'
import { startSimulator } from '../../packages/simulator/src/index.ts'
import type { RequestLine, Simulator } from '../../packages/simulator/src/index.ts'
import { eventually } from '../../packages/testing/src/index.ts'
import { LOGINS } from './logins.ts'
import { runPage } from './program.ts'
import { SERVICES } from './services.ts'
import { SITE_LOGINS } from './site-logins.ts'
import type { Stage, Story, Variables } from './story.ts'
import { TOPICS } from './topics.ts'

/** A flow, or something else that has a page with code. */
export type StoryName = FlowName | keyof typeof TOPICS

const STORIES: Readonly<Record<StoryName, Story>> = { ...SERVICES, ...LOGINS, ...SITE_LOGINS, ...TOPICS }
/** What may be shown of the variables: the others are secrets. */
const SHOWN = /LOGIN_URL|CLIENT_ID|USERNAME|APP_BASE_URL|PORT/

export const STORY_NAMES: readonly string[] = Object.keys(STORIES).toSorted()

export function isStory(name: string): name is StoryName {
  return STORY_NAMES.includes(name)
}

export function pageOf(name: StoryName): string {
  return join(import.meta.dirname, '../../docs', Object.hasOwn(TOPICS, name) ? '' : 'flows', `${name}.md`)
}

/**
 * Runs the code of a flow's page against a simulator that is set up for it, and prints what happened. Sets variables of
 * this process and listens to its console: one run a process.
 * @throws Error when it did not end as the flow should.
 */
export async function runFlow(name: StoryName, page: string): Promise<void> {
  const story: Story = STORIES[name]
  const sim = await startSimulator({ seed: story.seed ?? {} })
  const variables = { ...usual(sim), ...(await story.prepare?.(sim)) }
  Object.assign(process.env, variables)
  tellVariables(variables, readFileSync(page, 'utf8'))
  const from = sim.requests.length
  const { printed, title } = listen()
  try {
    const ran = runPage(page, (line) => title(`The code at line ${line} prints:`))
    const [, told] = await Promise.all([ran, story.play?.(stage(sim, ran, printed))])
    title('So it ends:')
    if (told !== undefined) console.log(told)
  } finally {
    const asked = sim.requests.slice(from).map(tellRequest)
    process.stdout.write(['\nSalesforce was asked:', ...asked, ''].join('\n  ').trimEnd() + '\n')
    await sim.close()
  }
  if (!printed().includes(story.ends)) throw new Error(`It should have ended with "${story.ends}".`)
}

function usual(sim: Simulator): Variables {
  const { clientId, clientSecret } = sim.app()
  return {
    SALESFORCE_LOGIN_URL: sim.org().url,
    SALESFORCE_CLIENT_ID: clientId,
    SALESFORCE_CLIENT_SECRET: clientSecret,
  }
}

interface Listening {
  /** Everything that was printed since, so far. */
  readonly printed: () => string
  /** Stands above what is printed next, if anything is. */
  readonly title: (words: string) => void
}

function listen(): Listening {
  const print = console.log
  let [text, due] = ['', '']
  console.log = (...values: unknown[]) => {
    text += `${format(...values)}\n`
    if (due !== '') print(`\n${due}`)
    due = ''
    print(...values)
  }
  return { printed: () => text, title: (words) => void (due = words) }
}

function stage(sim: Simulator, ran: ReturnType<typeof runPage>, printed: () => string): Stage {
  const value = async (name: string): Promise<unknown> => {
    const exported = await ran
    if (!Object.hasOwn(exported, name)) throw new TypeError(`The page exports no ${name}.`)
    return exported[name]
  }
  return {
    sim,
    ran,
    value,
    async call(name, ...args) {
      const made = await value(name)
      if (typeof made !== 'function') throw new TypeError(`${name} of the page is no function.`)
      return (await made(...args)) as unknown
    },
    async printed(pattern) {
      await eventually(() => pattern.test(printed()), { timeout: 10_000 })
      return pattern.exec(printed())?.[0] ?? ''
    },
  }
}

function tellRequest({ method, path, grantType, status, error }: RequestLine): string {
  // The request for a device code is the only one of the token endpoint without a grant.
  const grant = grantType ?? (path.endsWith('/oauth2/token') ? 'device_code' : undefined)
  const what = grant === undefined ? '' : ` (${grant})`
  return `${method} ${path}${what}: ${status}${error === undefined ? '' : ` ${error}`}`
}

function tellVariables(variables: Variables, page: string): void {
  console.log('The code reads:')
  for (const [name, value] of Object.entries(variables).filter(([one]) => page.includes(one)))
    console.log(`  ${name}${SHOWN.test(name) ? `=${value}` : ' (set)'}`)
}
