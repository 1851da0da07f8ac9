import { FLOWS } from './chooser/flows.ts'
import type { FlowFacts, FlowName, FlowStatus } from './chooser/flows.ts'
import { AVOIDANCES, RULES } from './chooser/rules.ts'
import { completeSituation, fits, readSituation } from './chooser/situation.ts'
import type { Situation } from './chooser/situation.ts'

const ON_SERVER =
  'On your server, not on the device: all that follows. The device talks to that server only, and shows it in a way of your own which device it is.'

/** Which flow, and what comes with it. */
export interface FlowChoice {
  readonly flow: FlowName
  readonly title: string
  readonly why: string
  /** What to know before following the advice. */
  readonly warning?: string
  /** What Salesforce says of the flow in 2026. */
  readonly status: FlowStatus
  readonly refreshToken: FlowFacts['refreshToken']
  /** What to set up, step by step, for an External Client App. */
  readonly needs: readonly string[]
  /**
   * Flows that tempt in this situation, and what speaks against them. The flow itself is among them where it is for a
   * server of yours and not for the program.
   */
  readonly avoid: readonly { readonly flow: FlowName; readonly why: string }[]
}

/**
 * The flow that fits a situation, why, what it needs in Setup, and what to keep away from. Nothing is asked of
 * Salesforce: whether an org allows a flow shows when it is used.
 *
 * @throws {ConfigError} `config/invalid` with every member of the situation that is missing, unknown or wrong.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flows.htm
 */
export function chooseFlow(situation: Situation): FlowChoice {
  const complete = completeSituation(readSituation(situation))
  const rule = RULES.find(({ when }) => fits(complete, when))
  if (rule === undefined) throw new TypeError('The last rule fits every situation.')
  const { flow, why, warning, isForServer = false } = rule
  const { title, status, refreshToken, needs } = FLOWS[flow]
  return {
    flow,
    title,
    why,
    ...(warning !== undefined && { warning }),
    status,
    refreshToken,
    needs: isForServer ? [ON_SERVER, ...needs] : needs,
    avoid: AVOIDANCES.filter((one) => (one.flow !== flow || isForServer) && fits(complete, one.when)).map((one) => ({
      flow: one.flow,
      why: one.why,
    })),
  }
}
