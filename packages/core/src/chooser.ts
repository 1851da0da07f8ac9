import { FLOWS } from './chooser/flows.ts'
import type { FlowFacts, FlowName, FlowStatus } from './chooser/flows.ts'
import { AVOIDANCES, RULES } from './chooser/rules.ts'
import { completeSituation, fits } from './chooser/situation.ts'
import type { Situation } from './chooser/situation.ts'

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
  /** Flows that tempt in this situation, and what speaks against them. */
  readonly avoid: readonly { readonly flow: FlowName; readonly why: string }[]
}

/**
 * The flow that fits a situation, why, what it needs in Setup, and what to keep away from. Nothing is asked of
 * Salesforce: whether an org allows a flow shows when it is used.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flows.htm
 */
export function chooseFlow(situation: Situation): FlowChoice {
  const complete = completeSituation(situation)
  const rule = RULES.find(({ when }) => fits(complete, when))
  if (rule === undefined) throw new TypeError('The last rule fits every situation.')
  const { flow, why, warning } = rule
  const { title, status, refreshToken, needs } = FLOWS[flow]
  return {
    flow,
    title,
    why,
    ...(warning !== undefined && { warning }),
    status,
    refreshToken,
    needs,
    avoid: AVOIDANCES.filter((one) => one.flow !== flow && fits(complete, one.when)).map((one) => ({
      flow: one.flow,
      why: one.why,
    })),
  }
}
