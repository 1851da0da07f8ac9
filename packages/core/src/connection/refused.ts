import { peekBody } from '../net/peek-body.ts'

/** 401s that a new token does not cure: renewing on them loops. */
const NOT_EXPIRY = /not valid for use with the REST API|not attached to Agent/i

const DEAD = /INVALID_SESSION_ID|Session expired or invalid/i

/**
 * Whether Salesforce refused the call because the token is dead. It says so in four ways: 401 with
 * `INVALID_SESSION_ID`, 400 Bulk XML, 403 `Bad_OAuth_Token`, and a SOAP fault with 500. The body stays readable; for
 * `timeout` milliseconds at most is its beginning waited for.
 */
export async function isRefused(response: Response, timeout?: number): Promise<boolean> {
  const peek = (): Promise<string> => peekBody(response, timeout)
  switch (response.status) {
    case 401: {
      const body = await peek()
      return !NOT_EXPIRY.test(body) && (body === '' || DEAD.test(body))
    }
    case 403:
      return /^\s*Bad_OAuth_Token\s*$/.test(await peek())
    case 400:
      return isXml(response) && /<exceptionCode>\s*InvalidSessionId\s*</.test(await peek())
    case 500:
      return isXml(response) && /<faultcode>[^<]*INVALID_SESSION_ID\s*</.test(await peek())
    default:
      return false
  }
}

/** Whether a refusal that brought a nonce is for the want of it: it says so, or at least not that the token is dead. */
export async function asksForNonce(response: Response, timeout?: number): Promise<boolean> {
  if (response.status !== 401) return false
  const says = /\buse_dpop_nonce\b/.test(response.headers.get('www-authenticate') ?? '')
  return says || !DEAD.test(await peekBody(response, timeout))
}

function isXml(response: Response): boolean {
  return /\bxml\b/i.test(response.headers.get('content-type') ?? '')
}
