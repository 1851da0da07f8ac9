import { decodeJwt } from 'jose'
import type { GrantRequest } from '../grants/grant.ts'
import { claimedIssuer } from '../saml/assertion.ts'
import { decodeDocument } from '../saml/checks.ts'
import type { App } from '../state.ts'
import { findApp, type World } from '../world.ts'
import { identifyClient } from './client-authentication.ts'

/** The app that a token request seems to come from, before anything is proved: good for choosing a policy only. */
export function likelyApp(world: World, request: GrantRequest): App | undefined {
  const { form } = request
  const { codes, tokens } = world.state
  const ways = [
    () => identifyClient(world, request),
    () => codes.get(form.get('code') ?? '')?.app,
    () => findApp(world, tokens.get(form.get('subject_token') ?? '')?.approval.clientId ?? ''),
    () => findApp(world, decodeJwt(form.get('assertion') ?? '').iss ?? ''),
    () => findApp(world, claimedIssuer(decodeDocument(form.get('assertion') ?? ''))),
  ]
  for (const way of ways) {
    const app = attempt(way)
    if (app) return app
  }
  return undefined
}

function attempt(way: () => App | undefined): App | undefined {
  try {
    return way()
  } catch {
    return undefined
  }
}
