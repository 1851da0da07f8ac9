import type { Exchange } from '../http/exchange.ts'

/** A message as an exchange: an `Authorization` value and nothing else. No cookie comes in, and none can go out. */
export function messageExchange(authorization: string | undefined): Exchange {
  return {
    method: 'POST',
    target: '',
    header: (name) => (name === 'authorization' ? authorization : undefined),
    form: async () => new URLSearchParams(),
    setCookie: () => undefined,
    committed: true,
  }
}
