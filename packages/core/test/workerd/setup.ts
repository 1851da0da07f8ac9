import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { handleAsNodeRequest } from 'cloudflare:node'

type Answer = (request: Request) => Promise<Response>

let simulator: Answer | undefined

/** Sends what goes to no port, which only the simulator's made-up hosts do, to the newest simulator. */
export function route(answer: Answer): void {
  simulator = answer
}

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init)
  const response = await Promise.race([answer(request), aborted(request.signal)])
  return Object.defineProperty(response, 'url', { value: request.url })
}

async function answer(request: Request): Promise<Response> {
  const { port, host } = new URL(request.url)
  if (port !== '') return handleAsNodeRequest(Number(port), request)
  if (simulator === undefined) throw new TypeError(`Nothing answers at ${host}.`)
  return simulator(request)
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

// jose takes the node:crypto keys of the simulator and the tests by a method that workerd lacks.
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const asymmetricKey = Object.getPrototypeOf(Object.getPrototypeOf(privateKey)) as KeyObject
const importKey = crypto.subtle.importKey.bind(crypto.subtle) as (format: 'jwk', ...rest: unknown[]) => unknown
asymmetricKey.toCryptoKey = function toCryptoKey(...rest) {
  return importKey('jwk', this.export({ format: 'jwk' }), ...rest) as ReturnType<KeyObject['toCryptoKey']>
}
