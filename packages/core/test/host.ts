const { userAgent } = navigator

/** The runtime that these tests run in. */
export const inWorkers: boolean = userAgent === 'Cloudflare-Workers'
export const inBun: boolean = userAgent.startsWith('Bun/')
export const inDeno: boolean = userAgent.startsWith('Deno/')
