import { expect, it } from 'vitest'
import { startSimulated } from '../src/simulated.ts'

it('simulates one org and app, and tells who logs in there', async () => {
  const { demo, env, simulator } = await startSimulated('http://localhost:3000')
  expect(demo.orgs.map(({ name, usernames }) => [name, usernames])).toEqual([
    ['Acme', demo.logins.map(({ username }) => username)],
  ])
  expect(env.SALESFORCE_CLIENT_ID).toBe(simulator.app().clientId)
  await simulator.close()
})

it('adds the orgs of a seed, and takes its app in place of the usual one', async () => {
  const { demo, env, simulator } = await startSimulated('http://localhost:3000', {
    orgs: [{ name: 'Globex', users: [{ username: 'hank@globex.example' }] }],
    apps: [{ label: 'Counter', dangerouslyAllowAnyLoopbackCallback: true }],
  })
  expect(demo.orgs[1]).toMatchObject({ name: 'Globex', usernames: ['hank@globex.example'] })
  expect(env.SALESFORCE_CLIENT_ID).toBe(simulator.app('Counter').clientId)
  await simulator.close()
})
