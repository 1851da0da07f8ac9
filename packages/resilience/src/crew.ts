import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Done, Outcomes, Task, WorkerSettings } from './messages.ts'

/** What one process came to: `undefined` when it was killed before it was done. */
export type Result = Outcomes | undefined

/** The processes of an app. One that dies is replaced before the next task. */
export class Crew {
  readonly #start: () => Promise<ChildProcess>
  readonly #size: number
  #workers: Promise<ChildProcess>[] = []
  #tasks = 0

  /** @param program the file of the bundled worker. */
  constructor(program: string, settings: WorkerSettings, { size }: { size: number }) {
    this.#start = () => start(program, settings)
    this.#size = size
  }

  /** Gives every process the same task. */
  async run(task: Omit<Task, 'id'>): Promise<readonly Result[]> {
    while (this.#workers.length < this.#size) this.#workers.push(this.#start())
    const workers = await Promise.all(this.#workers)
    const id = ++this.#tasks
    const results = await Promise.all(workers.map((worker) => runIn(worker, { id, ...task })))
    // A spare one starts while the survivors go on.
    this.#workers = workers.flatMap((worker) => (isAlive(worker) ? [Promise.resolve(worker)] : []))
    while (this.#workers.length < this.#size) this.#workers.push(this.#start())
    return results
  }

  async close(): Promise<void> {
    for (const worker of await Promise.all(this.#workers)) worker.kill('SIGKILL')
  }
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}

async function start(program: string, settings: WorkerSettings): Promise<ChildProcess> {
  const worker = fork(program, {
    execArgv: [],
    env: { ...process.env, WORKER: JSON.stringify(settings), NODE_OPTIONS: '' },
  })
  const died = once(worker, 'exit').then(([code]) => Promise.reject(new Error(`A worker ended with ${code}.`)))
  await Promise.race([once(worker, 'message'), died])
  died.catch(() => undefined)
  return worker
}

function runIn(worker: ChildProcess, task: Task): Promise<Result> {
  return new Promise<Result>((resolve) => {
    const finish = (result: Result): void => {
      worker.off('exit', died).off('message', done)
      resolve(result)
    }
    const died = (): void => finish(undefined)
    const done = (message: Done): void => finish(message.outcomes)
    worker.on('exit', died).on('message', done)
    worker.send(task, () => undefined)
  })
}

/** All outcomes of all processes that were not killed. */
export function sumUp(results: readonly Result[]): Outcomes {
  const sum: Record<string, number> = {}
  for (const outcomes of results) {
    for (const [outcome, count] of Object.entries(outcomes ?? {})) sum[outcome] = (sum[outcome] ?? 0) + count
  }
  return sum
}
