// None of these scans on from each place within a long run: hostile text would keep the process busy for minutes.
const SECRET_SHAPES = [
  /00D[A-Za-z0-9]{12,15}(?:!|%(?:25)*21)[A-Za-z0-9._]+/g, // access token, session id; in addresses within addresses too
  /5Aep[A-Za-z0-9._]{20,}/g, // refresh token
  /aPrx[A-Za-z0-9._]{20,}(?:%3D|=)*/g, // authorization code
  /eyJ[A-Za-z0-9_.-]{10,}/g, // JWS, JWE
  /\b(?:Bearer|Basic|DPoP)(?:\s|%20)+[A-Za-z0-9._~+/=!-]{8,}/gi,
  /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g,
]
/** Names that say it all also at the end of a longer one, and names that do so only by themselves. */
const NAME = String.raw`(?:token|secret|password|assertion|verifier|(?:device_|user_)code|(?:(?<![a-z0-9])|parent|ui)sid|(?<![a-z0-9])otp)`
const SECRET_MEMBERS = [
  new RegExp(String.raw`((?:${NAME}|\bcode)(?:=|%3D))[^&\s"]+`, 'gi'), // a form's
  new RegExp(String.raw`(${NAME}\\*["']\s*:\s*\\*(["']))(?:\\.|(?!\2)[^\\])+`, 'gis'), // JSON's; within JSON, quotes are escaped
  new RegExp(String.raw`(${NAME}\\*["']\s*:\s*)[^\s\\"',}\]]+`, 'gi'), // a number of JSON's
]
const MAX_CAUSES = 5
const LOOK_ALIKES: Record<string, string> = { '<': '‹', '>': '›', '&': '+', '"': '”', '`': '’' }

/** The text without anything that is shaped like a Salesforce token, code, key or secret. */
export function redact(text: string): string {
  const unshaped = SECRET_SHAPES.reduce((rest, shape) => rest.replace(shape, '[redacted]'), text)
  return SECRET_MEMBERS.reduce((rest, member) => rest.replace(member, '$1[redacted]'), unshaped)
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
