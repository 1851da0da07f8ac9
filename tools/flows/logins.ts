import type { FlowName } from '../../packages/core/src/chooser/flows.ts'
import { createAgent, eventually, freePort } from '../../packages/testing/src/index.ts'
import type { Simulator } from '../../packages/simulator/src/index.ts'
import { authorize, codeIn, tellWhose } from './people.ts'
import type { Login } from './people.ts'
import type { Story } from './story.ts'

const username = 'grace@acme.example'
const CALLBACKS = ['https://app.example/auth/callback', 'yourapp://callback']

/** The callback URLs of the pages, and an app that is no server where it keeps no secret. */
function register(sim: Simulator, { isPublic }: { isPublic: boolean }): void {
  const secrets = { secretRequired: !isPublic, secretRequiredForRefresh: !isPublic }
  const scopes = [...sim.app().scopes, 'lightning']
  sim.updateApp(sim.app().clientId, { callbackUrls: CALLBACKS, scopes, ...secrets })
}

/** Flows with a person who logs in at Salesforce. */
export const LOGINS = {
  'authorization-code': {
    async prepare(sim) {
      register(sim, { isPublic: false })
      const port = String(await freePort())
      return { PORT: port, APP_BASE_URL: `http://localhost:${port}`, SESSION_SECRET: 'only for this run'.repeat(3) }
    },
    async play({ sim, call }) {
      const { url, state, codeVerifier } = (await call('startLogin')) as Login & { state: string }
      const callback = await sim.signIn(url, { username })
      if (callback.searchParams.get('state') !== state) throw new Error('Another state came back.')
      const tokens = await call('redeem', codeIn(callback), codeVerifier)
      const told = await tellWhose(tokens)
      const first = await visit(sim)
      sim.expireAccessTokens()
      const { response } = (await call('call', tokens, '/services/data/v64.0/limits')) as { response: Response }
      return `${told} After the end of the session: ${response.status}. ${first}`
    },
    ends: `The tokens are those of ${username}. After the end of the session: 200. The app showed 10 accounts`,
  },
  hybrid: {
    prepare(sim) {
      register(sim, { isPublic: true })
      return {}
    },
    async play({ sim, call }) {
      const { clientId } = sim.app()
      const scope = 'api refresh_token web lightning'
      const { url, codeVerifier } = authorize(sim.org().url, { clientId, redirectUri: 'yourapp://callback', scope })
      const tokens = await call('redeem', codeIn(await sim.signIn(url, { username })), codeVerifier)
      sim.expireAccessTokens()
      return tellWhose(await call('renew', tokens))
    },
    ends: `The tokens are those of ${username}.`,
  },
  'user-agent': {
    prepare(sim) {
      register(sim, { isPublic: true })
      return {}
    },
    async play({ sim, printed, call }) {
      const login = await printed(/^http\S+\/services\/oauth2\/authorize\S+/m)
      const { href } = await sim.signIn(login, { username })
      return tellWhose(await call('cameBack', href))
    },
    ends: `The tokens are those of ${username}.`,
  },
  device: {
    prepare(sim) {
      register(sim, { isPublic: true })
      // The shortest there is: nobody learns from waiting.
      sim.updateApp(sim.app().clientId, { devicePollInterval: 1000 })
      return {}
    },
    async play({ sim, printed, call, value }) {
      const code = await printed(/(?<=type )\w{8}/)
      await sim.approveDevice(code, { username })
      const tokens = await value('tokens')
      sim.expireAccessTokens()
      const { response } = (await call('call', tokens, '/services/data/v64.0/limits')) as { response: Response }
      return `After the end of the session: ${response.status}`
    },
    ends: 'After the end of the session: 200',
  },
} satisfies Partial<Record<FlowName, Story>>

/** What somebody does with the page's app in a browser: log in, look, and look again after the access token has died. */
async function visit(sim: Simulator): Promise<string> {
  const browser = createAgent(process.env['APP_BASE_URL'] ?? '')
  const start = await eventually(() => browser.get('/accounts'))
  const callback = await sim.signIn(start.headers.get('location') ?? '', { username })
  const back = await browser.get(callback.href)
  const shown = [(await browser.follow(back)).status]
  sim.expireAccessTokens(username)
  const accounts = await browser.get('/accounts')
  shown.push(accounts.status)
  const { records } = (await accounts.json()) as { records: unknown[] }
  return `The app showed ${records.length} accounts (${shown.join(', ')}).`
}
