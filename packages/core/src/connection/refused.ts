const MAX_PEEK_BYTES = 16 * 1024
/** 401s that a new token does not cure: renewing on them loops. */
const NOT_EXPIRY = /not valid for use with the REST API|not attached to Agent/i

/**
 * Whether Salesforce refused the call because the token is dead. It says so in four ways: 401 with
 * `INVALID_SESSION_ID`, 400 Bulk XML, 403 `Bad_OAuth_Token`, and a SOAP fault with 500. The body stays readable.
 */
export async function isRefused(response: Response): Promise<boolean> {
  switch (response.status) {
    case 401: {
      const body = await peek(response)
      return !NOT_EXPIRY.test(body) && (body === '' || /INVALID_SESSION_ID|Session expired or invalid/i.test(body))
    }
    case 403:
      return /^\s*Bad_OAuth_Token\s*$/.test(await peek(response))
    case 400:
      return isXml(response) && /<exceptionCode>\s*InvalidSessionId\s*</.test(await peek(response))
    case 500:
      return isXml(response) && /<faultcode>[^<]*INVALID_SESSION_ID\s*</.test(await peek(response))
    default:
      return false
  }
}

function isXml(response: Response): boolean {
  return /\bxml\b/i.test(response.headers.get('content-type') ?? '')
}

/** The beginning of a body, without taking it away from the caller. */
async function peek(response: Response): Promise<string> {
  const reader = response.clone().body?.getReader()
  if (reader === undefined) return ''
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let size = 0; size < MAX_PEEK_BYTES;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.byteLength
      text += decoder.decode(value, { stream: true })
    }
  } catch {
    return text
  }
  void reader.cancel().catch(() => undefined)
  return text
}
