const SECRET_SHAPES = [
  /00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]+/g, // access token, session id
  /5Aep[A-Za-z0-9._]{20,}/g, // refresh token
  /aPrx[A-Za-z0-9._]{20,}(?:%3D|=)*/g, // authorization code
  /eyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*){1,4}/g, // JWS, JWE
  /\b(?:Bearer|Basic|DPoP)\s+[A-Za-z0-9._~+/=!-]{8,}/gi,
  /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g,
  /\b(client_secret|refresh_token|access_token|id_token|code|code_verifier|client_assertion|assertion|password|token)=[^&\s"']+/gi,
]
const MAX_CAUSES = 5
const LOOK_ALIKES: Record<string, string> = { '<': '‹', '>': '›', '&': '+', '"': '”', '`': '’' }

/** The text without anything that is shaped like a Salesforce token, code, key or secret. */
export function redact(text: string): string {
  return SECRET_SHAPES.reduce((rest, shape) => rest.replace(shape, '[redacted]'), text)
}

/**
 * A text from outside made fit for a message: redacted, one line, at most 300 characters, and without markup
 * characters, so that an error page which forgets to escape does no harm.
 */
export function plainText(text: string): string {
  const oneLine = redact(text.slice(0, 2_000)).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
  return oneLine.replace(/[<>&"`]/g, (mark) => LOOK_ALIKES[mark] ?? '').slice(0, 300)
}

/**
 * A copy of somebody else's error that says what happened and nothing more. The original may hold a whole request
 * or answer: HTTP clients put them there, parsers the bytes they choked on, and jose a token's claims.
 */
export function plainCause(cause: unknown, depth = 1): Error | undefined {
  if (typeof cause !== 'object' || cause === null || !('message' in cause) || depth > MAX_CAUSES) return undefined
  const { name, message, stack, code, cause: deeper } = cause as Partial<Error> & { code?: unknown }
  const within = plainCause(deeper, depth + 1)
  const plain = new Error(redact(String(message)), within && { cause: within })
  Object.defineProperties(plain, {
    name: { value: String(name) },
    stack: { value: redact(String(stack)) },
    ...(typeof code === 'string' && { code: { value: redact(code), enumerable: true } }),
  })
  return plain
}
