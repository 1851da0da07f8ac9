import { RestError } from '../errors/errors.ts'
import type { RestAnswer } from '../errors/rest-hints.ts'
import { MAX_PEEK_BYTES, peekBody } from '../net/peek-body.ts'

/**
 * What one of Salesforce's APIs means by refusing a call: the cause, what to change, and whether to try again or log in.
 * REST, Bulk and SOAP errors, the bare words of the identity service and empty answers are understood; anything else is
 * `rest/unrecognized`. `undefined` when the call was not refused. The body stays readable: of one that does not end,
 * what comes within ten seconds is looked at.
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
 */
export async function readRestError(response: Response): Promise<RestError | undefined> {
  if (response.status < 400) return undefined
  return new RestError({ status: response.status, ...wordsOf(await peekBody(response)) })
}

/** What a body says, however it is written. No more than its beginning is looked at. */
export function wordsOf(text: string): Omit<RestAnswer, 'status'> {
  const body = text.slice(0, MAX_PEEK_BYTES).trim()
  const fault = readJson(body)
  if (fault !== undefined) {
    const { errorCode, message, error, error_description: description } = fault
    return texts({ errorCode: errorCode ?? error, description: message ?? description })
  }
  if (body.startsWith('<')) {
    return texts({
      errorCode: element(body, 'exceptionCode') ?? element(body, 'faultcode'),
      description: element(body, 'exceptionMessage') ?? element(body, 'faultstring'),
    })
  }
  if (body === '') return { isEmpty: true }
  // The identity service answers one bare word, or two.
  return /^\w+(?: \w+)?$/.test(body) ? { errorCode: body } : { description: body }
}

function readJson(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const [fault]: unknown[] = [JSON.parse(body) as unknown].flat()
    return typeof fault === 'object' && fault !== null ? (fault as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function element(xml: string, name: string): string | undefined {
  return new RegExp(`<(?:\\w+:)?${name}[^>]*>([^<]*)<`).exec(xml)?.[1]?.trim()
}

function texts(answer: { errorCode?: unknown; description?: unknown }): Omit<RestAnswer, 'status'> {
  const { errorCode, description } = answer
  return {
    ...(typeof errorCode === 'string' && { errorCode }),
    ...(typeof description === 'string' && { description }),
  }
}
