declare module 'cloudflare:node' {
  /** Has the node:http server of this worker that listens on a port answer a request. */
  export function handleAsNodeRequest(port: number, request: Request): Promise<Response>
}
