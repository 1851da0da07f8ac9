import type { Simulator } from '@orgpass/simulator'

/** What a program sends that calls with a JWT access token of its own. */
export async function bearer(sim: Simulator): Promise<string> {
  const { clientId, clientSecret } = sim.app()
  sim.updateApp(clientId, { jwtAccessTokens: true })
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const body = new URLSearchParams(form)
  const answer = await fetch(`${sim.org().url}/services/oauth2/token`, { method: 'POST', body })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return `Bearer ${token}`
}
