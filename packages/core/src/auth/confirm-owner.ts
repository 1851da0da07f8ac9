import { sameSecret } from '../crypto/pkce.ts'
import { CallbackError } from '../errors/errors.ts'
import type { Reply } from '../http/exchange.ts'
import { onwardPage } from './onward-page.ts'
import { readOwner } from './owner.ts'
import type { OwnerBinding } from './owner.ts'

/** Marks the callback's second visit, which came from a page of this app. */
const CONTINUED = 'continued'

/**
 * Makes sure that the browser which comes back is still its owner's, before the code is redeemed. Browsers keep cookies
 * that are SameSite=Strict from a visit that began at Salesforce: then the answer is a page of this app that goes on
 * by itself, once.
 *
 * @throws {CallbackError} `callback/owner-changed`, `callback/owner-missing`
 */
export async function confirmOwner(
  { owner, expected }: { readonly owner: OwnerBinding | undefined; readonly expected: string },
  query: URLSearchParams,
): Promise<Reply | undefined> {
  const present = await readOwner(owner)
  if (present === undefined) {
    if (query.has(CONTINUED)) throw ownerMissing()
    return continuation(query)
  }
  if (sameSecret(present, expected)) return undefined
  throw new CallbackError(
    'callback/owner-changed',
    'Somebody else is signed in to this app than when the connection was started.',
    {
      hint: 'Sign in as the user or tenant that the org is for, and connect it again.',
    },
  )
}

function ownerMissing(): CallbackError {
  return new CallbackError(
    'callback/owner-missing',
    'Nobody is signed in to this app any more, so the org has no owner.',
    {
      hint: 'Sign in to the app and connect the org again. If you are, its cookie did not come along: the option owner answered nobody.',
    },
  )
}

function continuation(query: URLSearchParams): Reply {
  const again = new URLSearchParams(query)
  again.set(CONTINUED, '1')
  return onwardPage(`?${again}`, 'Connecting your org…')
}
