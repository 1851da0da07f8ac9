import type { ServerResponse } from 'node:http'
import { isSalesforceAuthError } from '../src/errors/errors.ts'
import type { Reply } from '../src/index.ts'
import { sendReply } from '../src/node.ts'

/** Sends what a test's app answers; an error of the kit as JSON with its status, as adapters recommend. */
export async function answer(res: ServerResponse, work: () => Promise<Reply>): Promise<void> {
  try {
    sendReply(res, await work())
  } catch (error) {
    if (isSalesforceAuthError(error)) sendReply(res, { status: error.status, body: JSON.stringify(error) })
    else res.writeHead(500).end(String(error))
  }
}
