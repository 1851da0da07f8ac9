import { contractApp } from './app.ts'

interface DenoServer {
  serve(
    options: { port: number; hostname: string },
    handler: (request: Request) => Response | Promise<Response>,
  ): unknown
}

declare const Deno: DenoServer

const { PORT, SCENARIO = '' } = process.env
Deno.serve({ port: Number(PORT), hostname: '127.0.0.1' }, contractApp(SCENARIO).fetch)
