import { expect, it } from 'vitest'
import { verifyIdToken } from '../../src/oauth/id-token.ts'
import type { Exchange } from '../../src/http/exchange.ts'
import type { LoginHost } from '../../src/org/hosts.ts'
import { Transactions } from '../../src/session/transaction.ts'
import { createSeal, deriveKeyring } from '../../src/crypto/seal.ts'

const pinned: LoginHost = {
  kind: 'public',
  base: 'https://login.salesforce.com',
  origin: 'https://login.salesforce.com',
}
const community: LoginHost = { kind: 'trusted', base: 'https://shop.example/x', origin: 'https://shop.example' }

// The host that answers the tokens comes from the callback's query: whoever holds the browser chooses it.
it('takes the keys of an ID token from the host that the login was pinned to', async () => {
  const asked: string[] = []
  const tokens = {
    accessToken: 't',
    tokenType: 'Bearer',
    instanceUrl: pinned.base,
    expirySource: 'unknown',
    idToken: 'x.y.z',
  } as const
  const keys = (url: string) => {
    asked.push(url)
    return async () => new Uint8Array()
  }
  const expected = { login: community, pinned, clientId: 'id', nonce: 'n', keys, now: Date.now() }
  await verifyIdToken(tokens, expected).catch(() => undefined)
  expect(asked).toEqual(['https://login.salesforce.com/id/keys'])
})

// `Host` may have 16 KiB and 5,000 of them are remembered: 80 MB that anybody can fill without a login.
it('remembers of a host no more than a host name has', async () => {
  const seal = createSeal(() => deriveKeyring(['0123456789abcdef0123456789abcdef'], 'test'))
  const transactions = new Transactions({ seal, cookiePrefix: 'tx', secure: false, now: Date.now })
  const exchange: Exchange = {
    method: 'GET',
    target: '/',
    header: (name) => (name === 'host' ? 'h'.repeat(12_000) : undefined),
    form: async () => new URLSearchParams(),
    setCookie: () => undefined,
    committed: false,
  }
  const { state } = await transactions.start(exchange, { login: pinned, returnTo: '/' })
  const loss = await transactions.find(exchange, state)
  expect('startedOn' in loss && String(loss.startedOn).length).toBeLessThan(300)
})
