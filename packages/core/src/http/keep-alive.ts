import type { Exchange } from './exchange.ts'

/** The work itself, which the platform is to finish though its visitor leaves: others may come to wait for it. */
export function keepAlive<T>(work: Promise<T>, exchange: Pick<Exchange, 'waitUntil'>): Promise<T> {
  exchange.waitUntil?.(work.catch(() => undefined))
  return work
}
