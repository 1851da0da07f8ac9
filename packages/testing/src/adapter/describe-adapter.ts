import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AdapterOptions, Scenario, StartAdapter } from './contract.ts'
import { CONTRACT_TITLE } from './host-table.ts'
import { asScript } from './section.ts'
import type { Check, Section } from './section.ts'
import { bodies } from './sections/bodies.ts'
import { connections } from './sections/connections.ts'
import { errors } from './sections/errors.ts'
import { guards } from './sections/guards.ts'
import { instances } from './sections/instances.ts'
import { proxies } from './sections/proxies.ts'
import { renewals } from './sections/renewals.ts'
import { requirements } from './sections/requirements.ts'
import { responses } from './sections/responses.ts'
import { routes } from './sections/routes.ts'
import { targets } from './sections/targets.ts'
import { tenants } from './sections/tenants.ts'
import { openStage } from './stage.ts'
import type { Scene, Stage } from './stage.ts'

const SECTIONS: Readonly<Record<string, Section>> = {
  routes,
  guards,
  requirements,
  errors,
  responses,
  renewals,
  bodies,
  instances,
  connections,
  tenants,
  proxies,
  'request targets': targets,
}

/** The contract that every host passes, on a real server and against a real simulator: see {@link SCENARIOS}. */
export function describeAdapter(name: string, start: StartAdapter, options: AdapterOptions = {}): void {
  describe(CONTRACT_TITLE + name, () => {
    let stage: Stage
    beforeAll(async () => {
      stage = await openStage(start)
    })
    beforeEach(() => stage.sim.reset())
    afterAll(() => stage.close())

    const isLacking = (scenario: Scenario): boolean => options.lacks?.[scenario] !== undefined
    const check: Check = {
      on(scenario, title, work) {
        it.skipIf(isLacking(scenario))(title, async () => {
          expect(await work(await stage.scene(scenario))).toBeUndefined()
        })
      },
      staged(title, work) {
        it(title, async () => {
          expect(await work(stage)).toBeUndefined()
        })
      },
      refused(scenario, title, code) {
        it.skipIf(isLacking(scenario))(title, async () => {
          expect(await refusal(() => stage.scene(scenario))).toContain(code)
        })
      },
    }
    for (const [title, section] of Object.entries(SECTIONS)) {
      describe(title, () => {
        section(check)
      })
    }
  })
}

/** What an app that cannot work says: at its start, or to a request. */
async function refusal(open: () => Promise<Scene>): Promise<string> {
  let scene: Scene
  try {
    scene = await open()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return `${code} ${String(error)}`
  }
  const response = await scene.browser().get('/guarded', { headers: asScript })
  return `${response.status} ${await response.text()}`
}
