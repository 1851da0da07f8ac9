import { setTimeout as delay } from 'node:timers/promises'
import { OAuthError } from '../http/oauth-error.ts'

export const faultEndpoints = [
  'authorize',
  'token',
  'token:refresh_token',
  'token:authorization_code',
  'revoke',
  'introspect',
  'userinfo',
  'identity',
  'keys',
  'data',
  'headless',
  'register',
  'singleaccess',
] as const

export type FaultEndpoint = (typeof faultEndpoints)[number]

/** What goes wrong. `latency` (milliseconds, after the work and before the answer) goes with any other member. */
export interface Fault {
  latency?: number
  /** Any error code, in the endpoint's own shape; the work is not done. */
  error?: string
  description?: string
  /** Destroys the connection before, or after, the work is done. */
  drop?: 'before' | 'after'
  /** An HTML page as a proxy shows it; the work is not done. */
  status?: 503
  body?: 'html'
  /** 200 with broken JSON; the work is not done. */
  malformed?: true
  /** "token request is already being processed"; the work is not done. */
  alreadyProcessing?: true
}

/** Thrown to have the connection destroyed instead of answered. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped'
}

export interface FaultRun {
  work: () => Promise<Response>
  refuse: (error: OAuthError) => Response | Promise<Response>
}

export interface Faults {
  /** The next `times` (default 1) calls of an endpoint meet this fault; faults queue up. */
  next(endpoint: FaultEndpoint, fault: Fault, times?: number): void
  clear(): void
}

export interface FaultRunner extends Faults {
  run(endpoints: readonly FaultEndpoint[], how: FaultRun): Promise<Response>
}

export function createFaults(): FaultRunner {
  const queues = new Map<FaultEndpoint, Fault[]>()

  function take(endpoints: readonly FaultEndpoint[]): Fault | undefined {
    for (const endpoint of endpoints) {
      const fault = queues.get(endpoint)?.shift()
      if (fault) return fault
    }
    return undefined
  }

  return {
    next(endpoint, fault, times = 1) {
      if (!faultEndpoints.includes(endpoint)) {
        throw new TypeError(`There is no fault endpoint "${endpoint}". Known: ${faultEndpoints.join(', ')}.`)
      }
      const queue = queues.get(endpoint) ?? []
      queue.push(...Array.from({ length: times }, () => fault))
      queues.set(endpoint, queue)
    },
    clear: () => queues.clear(),
    async run(endpoints, how) {
      const fault = take(endpoints)
      if (!fault) return how.work()
      const answer = fault.drop === 'before' ? undefined : spoil(fault, how)
      // Work that is refused by throwing is done, too: it is late, or dropped, like any other.
      await Promise.allSettled([answer])
      if (fault.latency !== undefined) await delay(fault.latency)
      if (answer === undefined || fault.drop === 'after') throw new ConnectionDropped('dropped by a fault')
      return answer
    },
  }
}

async function spoil(fault: Fault, { work, refuse }: FaultRun): Promise<Response> {
  if (fault.status === 503) {
    const page =
      '<html><head><title>Service Unavailable</title></head><body><h1>Down for maintenance</h1></body></html>'
    return new Response(page, { status: 503, headers: { 'content-type': 'text/html; charset=UTF-8' } })
  }
  if (fault.malformed) {
    return new Response('{"malformed', { headers: { 'content-type': 'application/json;charset=UTF-8' } })
  }
  if (fault.alreadyProcessing)
    return refuse(new OAuthError('invalid_grant', 'token request is already being processed'))
  if (fault.error !== undefined) return refuse(new OAuthError(fault.error, fault.description))
  return work()
}
