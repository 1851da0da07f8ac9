import { createAgent, listen } from '@orgpass/testing'
import { startSimulator } from '@orgpass/simulator'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import type { Reply } from '../../src/index.ts'
import { createSalesforceAuth, nodeExchange, sendReply } from '../../src/node.ts'
import { outcome, SECRET, signIn, tell } from '../session/harness.ts'

const homes = {
  'the session in the cookie': () => ({}),
  'the session in a store': () => ({ session: { store: memoryStore() } }),
}

const after = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration))

describe.each(Object.entries(homes))('late answers of an ended session, with %s', (_, home) => {
  // `end` clears the cookie again for every request that finds its session ended: by now it is the next session's.
  it('leave the cookie of the session that replaced it alone', async () => {
    await using story = await tell(home())
    const { sim } = story
    const agent = await story.login()
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', { latency: 1_500 })
    const late = agent.get('/call')
    await after(200)
    await signIn(sim, agent, 'grace@acme.example')
    expect(await (await agent.get('/me')).json()).not.toBeNull()
    expect(await outcome(await late)).toBe('401 session/ended')
    expect(await (await agent.get('/me')).json()).not.toBeNull()
  })
})

// The retirement of the old grant, behind the reply, clears the cookie of whatever response is still unsent.
it('the end of the old grant leaves the cookie of a login alone whose response is finished late', async () => {
  await using sim = Object.assign(await startSimulator(), {
    async [Symbol.asyncDispose]() {
      await sim.close()
    },
  })
  const server = await listen((req, res) => {
    const { auth, handle } = kit.open(nodeExchange(req, res))
    const answer = async (): Promise<Reply> => {
      const reply = await handle()
      // Koa and Hono write the response when the whole stack of middleware is done.
      if (reply !== undefined && reply.status === 303) await after(1_500)
      if (reply !== undefined) return reply
      if (req.url === '/call') await auth.fetch('/services/data/v64.0/limits')
      return { status: 200, body: String((await auth.session())?.userId) }
    }
    answer().then(
      (reply) => sendReply(res, reply),
      (error: unknown) => res.writeHead(401).end(String(error)),
    )
  })
  const { clientId, clientSecret } = sim.app()
  const kit = createSalesforceAuth(
    {
      clientId,
      clientSecret,
      loginUrl: sim.org().url,
      baseUrl: server.url,

      session: { secret: SECRET },
    },
    {},
  )
  const agent = createAgent(server.url)
  await signIn(sim, agent)
  sim.expireAccessTokens()
  const start = await agent.get('/auth/login')
  const callback = await sim.signIn(start.headers.get('location') ?? '', { username: 'grace@acme.example' })
  sim.faults.next('token:refresh_token', { latency: 800 })
  const cookie = agent.cookies
    .all()
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
  const late = fetch(`${server.url}/call`, { headers: { cookie } })
  await after(100)
  expect((await agent.get(callback.href)).status).toBe(303)
  await (await late).text()
  expect(await (await agent.get('/me')).text()).toMatch(/^005/)
  await server.close()
})
