import { freePort } from '../free-port.ts'
import { startServerProcess } from './server-process.ts'
import type { ServerProcess, ServerProgram } from './server-process.ts'
import type { Service } from './service.ts'

export interface OwnServer {
  readonly url: (port: number) => string
  readonly version: string
  readonly program: (port: number) => ServerProgram | Promise<ServerProgram>
  /** How it is asked to end in peace. */
  readonly end: 'SIGTERM' | 'SIGINT'
  /** Forgets what it kept, once it has ended. */
  readonly forget: () => Promise<void>
}

const STARTS = 20
/** Milliseconds. */
const PAUSE = 250

/** A server of the test's own, on a free port, which it keeps when it is killed and started again. */
export async function ownServer({ url, version, program, end, forget }: OwnServer): Promise<Service> {
  let port = await freePort()
  let server: ServerProcess | undefined
  try {
    server = await startServerProcess(await program(port))
  } catch {
    // Somebody else may have taken the port meanwhile.
    port = await freePort()
    server = await startServerProcess(await program(port))
  }
  return {
    url: url(port),
    version,
    given: false,
    kill: async () => server?.end('SIGKILL'),
    async start() {
      for (let attempt = 1; ; attempt++) {
        try {
          server = await startServerProcess(await program(port))
          return
        } catch (error) {
          // What a crash left behind may take a moment to go.
          if (attempt === STARTS) throw error
          await new Promise((resolve) => setTimeout(resolve, PAUSE))
        }
      }
    },
    stall: async () => server?.signal('SIGSTOP'),
    resume: async () => server?.signal('SIGCONT'),
    async stop() {
      await server?.signal('SIGCONT')
      await server?.end(end)
      await forget()
    },
  }
}
