import type { GrantRequest } from '../grants/grant.ts'
import type { App } from '../state.ts'
import { requireHybrid } from '../tokens/hybrid-members.ts'
import type { World } from '../world.ts'
import { identifyClient, proveClient } from './client-authentication.ts'
import type { FlowName } from './policies.ts'
import { requireFlow } from './policy-check.ts'

interface Admission {
  flow: FlowName
  needsSecret: (app: App) => boolean
  /** Whether the answer is to hold what web pages need. Default false. */
  isHybrid?: boolean
}

/** The app of a request, in the order in which Salesforce asks: which is it, is its flow on, can it prove itself? */
export async function admitClient(
  world: World,
  request: GrantRequest,
  { flow, needsSecret, isHybrid = false }: Admission,
): Promise<App> {
  const app = identifyClient(world, request)
  requireFlow(app, flow)
  if (isHybrid) requireHybrid(app)
  await proveClient(world, request, { app, needsSecret: needsSecret(app) })
  return app
}
