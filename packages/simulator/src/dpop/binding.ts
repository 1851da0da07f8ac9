import type { OAuthError } from '../http/oauth-error.ts'
import type { App } from '../state.ts'
import type { TokenAnswer } from '../tokens/answer.ts'
import { addOpaqueToken, type TokenRecord } from '../tokens/tokens.ts'
import { findApp, type World } from '../world.ts'
import { currentNonce, dpopAlgorithms, invalidProof, verifyProof } from './proof.ts'

interface TokenRequest {
  form: URLSearchParams
  /** Whose policy counts, as far as the request tells before it is authenticated. */
  app: App | undefined
  proof: string | undefined
  url: string
}

/**
 * What the tokens of a request are to be bound to, if anything. What is spent here may be bound already.
 * @throws {OAuthError} invalid_dpop_proof or use_dpop_nonce
 */
export async function thumbprintFor(
  world: World,
  { form, app, proof, url }: TokenRequest,
): Promise<string | undefined> {
  const { codes, tokens } = world.state
  const refreshToken = tokens.get(form.get('refresh_token') ?? '')
  const spent = codes.get(form.get('code') ?? '') ?? refreshToken ?? tokens.get(form.get('subject_token') ?? '')
  const bound = spent?.dpopThumbprint
  if (proof === undefined) {
    if (bound !== undefined || app?.dpop === 'required') throw invalidProof('a DPoP proof is required')
    return undefined
  }
  const needsNonce = app?.dpopNonce === true
  const thumbprint = await verifyProof(world, { proof, method: 'POST', url, needsNonce })
  if (bound !== undefined && bound !== thumbprint) throw invalidProof('the proof is by another key')
  // An unbound refresh token stays one: only a new authorization binds.
  return refreshToken && bound === undefined ? undefined : thumbprint
}

/** Binds the tokens of an answer; asset tokens, which name a key of their own, stay as they are. */
export function bindTokens(world: World, answer: TokenAnswer, thumbprint: string): TokenAnswer {
  const { tokens } = world.state
  const access = tokens.get(String(answer['access_token']))
  if (!access) return answer
  access.dpopThumbprint = thumbprint
  const refresh = tokens.get(String(answer['refresh_token']))
  if (refresh) refresh.dpopThumbprint = thumbprint
  const hybrid = 'sidCookieName' in answer && {
    ui_sid: addOpaqueToken(world, access.approval, { forPages: true }).value,
  }
  return { ...answer, token_type: 'DPoP', ...hybrid }
}

export interface TokenUse {
  /** The whole Authorization header's scheme; parameters count as Bearer. */
  scheme: string
  proof: string | undefined
  method: string
  url: string
}

/**
 * Whether a token comes the way it has to: a bound one with a proof, any other as a bearer, if its app allows that.
 * @throws {OAuthError} when the proof is wrong
 */
export async function isRightUse(world: World, token: TokenRecord, use: TokenUse): Promise<boolean> {
  const isDpop = use.scheme.toLowerCase() === 'dpop'
  const app = findApp(world, token.approval.clientId)
  if (token.dpopThumbprint === undefined) return !isDpop && (app?.dpop !== 'required' || token.forPages === true)
  if (!isDpop) return false
  if (use.proof === undefined) throw invalidProof('a DPoP proof is required')
  const needsNonce = app?.dpopNonce === true
  const thumbprint = await verifyProof(world, { ...use, proof: use.proof, needsNonce, accessToken: token.value })
  if (thumbprint !== token.dpopThumbprint) throw invalidProof('the proof is by another key')
  return true
}

/** Tells what a proof lacks, and the nonce to put into the next. */
export function addChallenge(world: World, response: Response, { code, description }: OAuthError): Response {
  const params = [`error="${code}"`, `error_description="${description}"`, `algs="${dpopAlgorithms.join(' ')}"`]
  response.headers.set('www-authenticate', `DPoP ${params.join(', ')}`)
  if (code === 'use_dpop_nonce') response.headers.set('dpop-nonce', currentNonce(world))
  return response
}

export function isProofFault({ code }: OAuthError): boolean {
  return code === 'use_dpop_nonce' || code === 'invalid_dpop_proof'
}
