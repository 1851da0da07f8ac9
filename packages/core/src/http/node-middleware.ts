import type { IncomingMessage, ServerResponse } from 'node:http'
import { isSalesforceAuthError } from '../errors/errors.ts'
import type { SalesforceAuthError } from '../errors/errors.ts'
import type { Reply } from './exchange.ts'
import { sendReply } from './node.ts'

/** What Connect began and Express made known, on Node's own request and response. */
export type NodeMiddleware<Request> = (
  req: Request,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => Promise<void>

export interface NodeMiddlewareOptions {
  /** What the framework is handed for an error of the kit. @default the error itself */
  errorAs?: (error: SalesforceAuthError) => Error
}

/** A middleware that sends the reply there is; what it has no reply to is for the next one. */
export function nodeMiddleware<Request extends IncomingMessage = IncomingMessage>(
  answer: (req: Request, res: ServerResponse) => Promise<Reply | undefined>,
  { errorAs = (error) => error }: NodeMiddlewareOptions = {},
): NodeMiddleware<Request> {
  return async (req, res, next) => {
    try {
      const reply = await answer(req, res)
      if (reply === undefined) next()
      else sendReply(res, reply)
    } catch (error) {
      next(isSalesforceAuthError(error) ? errorAs(error) : error)
    }
  }
}
