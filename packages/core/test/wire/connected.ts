import { Connection } from '../../src/connection/connection.ts'
import { holdTokens } from '../../src/connection/held-tokens.ts'
import type { HeldTokens } from '../../src/connection/held-tokens.ts'
import { refreshToken } from '../../src/flows/refresh-token.ts'
import type { TokenEndpoint, TokenSet } from '../../src/index.ts'
import type { ClientChoice, CodeChoice, Wire } from './wire.ts'

export interface Connected {
  readonly connection: Connection
  /** The tokens in use now. */
  readonly tokens: () => HeldTokens
  /** How often the access token was renewed. */
  readonly renewals: () => number
}

/** A connection of a person who has just logged in. */
export async function connect(wire: Wire, choice: CodeChoice & Pick<ClientChoice, 'timeout'> = {}): Promise<Connected> {
  const { timeout, ...person } = choice
  const endpoint = wire.endpoint(timeout === undefined ? {} : { timeout })
  return connectWith(endpoint, await wire.tokens(person))
}

/** A connection with tokens of an endpoint, renewed there without any coordination: nobody else uses it. */
export function connectWith(endpoint: TokenEndpoint, tokens: TokenSet): Connected {
  const hold = (answer: TokenSet, previous?: HeldTokens): HeldTokens => {
    const identity = answer.identity ?? previous?.identity
    if (identity === undefined) throw new Error('The answer does not say whose token it is.')
    return holdTokens({ ...answer, identity }, previous)
  }
  let held = hold(tokens)
  let renewals = 0
  const source = {
    current: async () => held,
    async renew() {
      renewals += 1
      held = hold(await refreshToken(endpoint, held.refreshToken ?? ''), held)
      return held
    },
  }
  const { client, login } = endpoint
  return {
    connection: new Connection(source, { client, loginBase: async () => login.base }),
    tokens: () => held,
    renewals: () => renewals,
  }
}
