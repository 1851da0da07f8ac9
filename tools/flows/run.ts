import { readFileSync } from 'node:fs'
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

const STORIES: Readonly<Record<FlowName, Story>> = { ...SERVICES, ...LOGINS, ...SITE_LOGINS }
/** What may be shown of the variables: the others are secrets. */
const SHOWN = /LOGIN_URL|CLIENT_ID|USERNAME|AUDIENCE|APP_BASE_URL|PORT/

export const FLOW_NAMES: readonly string[] = Object.keys(STORIES).toSorted()

export function isFlow(name: string): name is FlowName {
  return FLOW_NAMES.includes(name)
}

/**
 * Runs the code of a flow's page against a simulator that is set up for it, and prints what happened. Sets variables of
 * this process and listens to its console: one run a process.
 * @throws Error when it did not end as the flow should.
 */
export async function runFlow(flow: FlowName, page: string): Promise<void> {
  const story: Story = STORIES[flow]
  const sim = await startSimulator({ seed: story.seed ?? {} })
  const variables = { ...usual(sim), ...(await story.prepare?.(sim)) }
  Object.assign(process.env, variables)
  tellVariables(variables, readFileSync(page, 'utf8'))
  console.log('\nIt prints:')
  const from = sim.requests.length
  const printed = listen()
  try {
    const ran = runPage(page)
    const [, told] = await Promise.all([ran, story.play?.(stage(sim, ran, printed))])
    if (told !== undefined) console.log(`\n${told}`)
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

/** Everything that is printed from now on, so far. */
function listen(): () => string {
  const print = console.log
  let text = ''
  console.log = (...values: unknown[]) => {
    text += `${format(...values)}\n`
    print(...values)
  }
  return () => text
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
  const what = grantType === undefined ? '' : ` (${grantType})`
  return `${method} ${path}${what}: ${status}${error === undefined ? '' : ` ${error}`}`
}

function tellVariables(variables: Variables, page: string): void {
  console.log('The code reads:')
  for (const [name, value] of Object.entries(variables).filter(([one]) => page.includes(one)))
    console.log(`  ${name}${SHOWN.test(name) ? `=${value}` : ' (set)'}`)
}
