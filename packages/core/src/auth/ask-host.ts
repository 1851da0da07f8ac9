import { CallbackError, isSalesforceAuthError } from '../errors/errors.ts'

/** Asks a hook of the host's that may refuse by throwing. */
export async function askHost<T>(
  hook: () => T | Promise<T>,
  refusal: { readonly code: 'callback/login-refused' | 'callback/connection-refused'; readonly name: string },
): Promise<T> {
  try {
    return await hook()
  } catch (cause) {
    if (isSalesforceAuthError(cause)) throw cause
    const what = refusal.code === 'callback/login-refused' ? 'login' : 'connection'
    throw new CallbackError(refusal.code, `This app refused the ${what}.`, {
      cause,
      hint: `The reason is what ${refusal.name} threw: the cause of this error.`,
    })
  }
}
