import { OAuthError } from '../errors/errors.ts'
import { unusableAnswer } from '../net/unusable-answer.ts'
import { endpointsOf } from '../org/endpoints.ts'
import type { Client } from './client.ts'

/** Salesforce's ways of saying that the token is dead already. */
const ALREADY_DEAD = ['unsupported_token_type', 'invalid_token']

/**
 * Revokes a token. A refresh token takes the access tokens made from it along; an access token dies alone.
 * A token that is dead already counts as revoked.
 *
 * @throws {OAuthError} when Salesforce refuses for another reason.
 * @throws {TransportError} `net/*`; safe to repeat.
 * @see RFC 7009
 */
export async function revokeToken(client: Client, base: string, token: string): Promise<void> {
  const url = endpointsOf(base).revoke
  const answer = await client.http.send(url, { method: 'POST', body: new URLSearchParams({ token }) })
  if (answer.status === 200) return
  const { error, description } = readError(answer.text)
  if (error === undefined) throw unusableAnswer(new URL(url).host, answer.status)
  if (!ALREADY_DEAD.includes(error)) throw new OAuthError({ error, description, httpStatus: answer.status })
}

// Form-encoded by default; JSON is what the documentation's samples show.
function readError(text: string): { error: string | undefined; description: string | undefined } {
  try {
    const { error, error_description: description } = JSON.parse(text) as Record<string, unknown>
    return {
      error: typeof error === 'string' ? error : undefined,
      description: typeof description === 'string' ? description : undefined,
    }
  } catch {
    const form = new URLSearchParams(text)
    return { error: form.get('error') ?? undefined, description: form.get('error_description') ?? undefined }
  }
}
