import { buildSamlBearerAssertion } from '../../packages/saml/src/index.ts'
import type { FlowName } from '../../packages/core/src/chooser/flows.ts'
import type { Simulator } from '../../packages/simulator/src/index.ts'
import { authorize, codeIn, makeKeys, signJwt, tellWhose } from './people.ts'
import type { Keys } from './people.ts'
import type { Story, Variables } from './story.ts'

const ADA = 'ada@acme.example'
const PROVIDER = 'https://idp.example'
const preApproved = { permittedUsers: 'adminApproved', permissionSets: ['Integrations'] } as const

/** An app that holds the certificate of a new key, and lets an integration user in. */
function trustKey(sim: Simulator): Variables {
  const { key, certificate } = makeKeys()
  sim.updateApp(sim.app().clientId, { certificate, ...preApproved })
  return { SALESFORCE_USERNAME: ADA, SALESFORCE_PRIVATE_KEY: key }
}

// The identity provider of the org, or the one whose tokens are exchanged.
const provider: Keys = makeKeys()

/** Flows without a person in front of them. */
export const SERVICES = {
  'jwt-bearer': { prepare: trustKey, ends: `${ADA} 200` },
  'client-credentials': { ends: `${ADA} 200` },
  'saml-bearer': {
    // With the slash that a copied address has.
    prepare: (sim) => ({ ...trustKey(sim), SALESFORCE_LOGIN_URL: `${sim.org().url}/` }),
    ends: '200',
  },
  'username-password': {
    // An org from before Summer '23 and a connected app: new ones do not have the flow.
    prepare(sim) {
      sim.updateOrg('Acme', { usernamePasswordFlowBlocked: false })
      sim.updateApp(sim.app().clientId, { kind: 'connectedApp' })
      sim.updateUser(ADA, { password: 'a passphrase', securityToken: 'T0ken' })
      const password = { SALESFORCE_PASSWORD: 'a passphrase', SALESFORCE_SECURITY_TOKEN: 'T0ken' }
      return { SALESFORCE_USERNAME: ADA, ...password }
    },
    ends: '200',
  },
  'refresh-token': {
    async prepare(sim) {
      const { clientId, clientSecret } = sim.app()
      sim.updateApp(clientId, { refreshTokenRotation: true })
      const redirectUri = 'http://localhost:3000/auth/callback'
      const { url, codeVerifier } = authorize(sim.org().url, { clientId, redirectUri, scope: 'api refresh_token' })
      const code = codeIn(await sim.signIn(url, { username: ADA }))
      const app = { client_id: clientId, client_secret: clientSecret, redirect_uri: redirectUri }
      const grant = { grant_type: 'authorization_code', code, code_verifier: codeVerifier, ...app }
      const body = new URLSearchParams(grant)
      const answer = await fetch(`${sim.org().url}/services/oauth2/token`, { method: 'POST', body })
      const { refresh_token: token } = (await answer.json()) as { refresh_token: string }
      return { SALESFORCE_REFRESH_TOKEN: token }
    },
    ends: 'rotated\n200',
  },
  'saml-assertion': {
    prepare(sim) {
      sim.updateOrg('Acme', { identityProvider: { issuer: PROVIDER, certificate: provider.certificate } })
      return {}
    },
    play: async ({ sim, call }) => tellWhose(await call('logIn', samlResponse(sim.org().url))),
    ends: `The tokens are those of ${ADA}.`,
  },
  'token-exchange': {
    prepare(sim) {
      const handler = { name: 'Your_Handler', certificate: provider.certificate, issuer: PROVIDER }
      const flows = { tokenExchange: true }
      sim.updateApp(sim.app().clientId, { flows, tokenExchangeHandlers: [handler], ...preApproved })
      return {}
    },
    async play({ sim, call }) {
      const salesforce = await call('connect', async () => signJwt({ iss: PROVIDER, sub: ADA }, provider))
      const first = await call('limits', salesforce)
      sim.expireAccessTokens()
      return `${String(first)}, and after the end of the session ${String(await call('limits', salesforce))}`
    },
    ends: '200, and after the end of the session 200',
  },
  'asset-token': {
    prepare(sim) {
      sim.updateApp(sim.app().clientId, {
        flows: { assetToken: true },
        assetTokenAudiences: ['https://devices.example'],
      })
      return {}
    },
    ends: 'pump-7',
  },
} satisfies Partial<Record<FlowName, Story>>

/** What an identity provider posts to a browser: a response around a signed assertion. */
function samlResponse(org: string): string {
  const assertion = buildSamlBearerAssertion({
    issuer: PROVIDER,
    username: ADA,
    audience: org,
    recipient: `${org}/services/oauth2/token`,
    privateKey: provider.privateKey,
  })
  const attributes = `ID="_r1" Version="2.0" IssueInstant="${new Date().toISOString()}"`
  const status = '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>'
  return [
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ${attributes}>`,
    `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${PROVIDER}</saml:Issuer>`,
    `<samlp:Status>${status}</samlp:Status>${assertion}</samlp:Response>`,
  ].join('')
}
