import { progress } from '@clack/prompts'
import type { Display } from './batch.ts'
import { plainText } from './plain-text.ts'

export interface ClosableDisplay extends Display {
  /** The bar ends, with these words. */
  stop(words: string): void
  fail(words: string): void
}

/** A progress bar on a terminal. */
export function barDisplay(): ClosableDisplay {
  let bar: ReturnType<typeof progress> | undefined
  return {
    start(total, done) {
      bar = progress({ max: total, style: 'heavy' })
      bar.start(done === 0 ? `${total} accounts` : `${total} accounts, of which ${done} are done already`)
      bar.advance(done)
    },
    advance: (name) => bar?.advance(1, plainText(name)),
    stop: (words) => (bar === undefined ? console.log(words) : bar.stop(words)),
    fail: (words) => (bar === undefined ? console.error(words) : bar.error(words)),
  }
}

/** Lines for a log file. */
export function lineDisplay(): ClosableDisplay {
  let [total, done] = [0, 0]
  return {
    start(all, already) {
      ;[total, done] = [all, already]
      console.log(`${all} accounts, ${already} done already`)
    },
    advance(name) {
      done += 1
      console.log(`${done}/${total} ${plainText(name)}`)
    },
    stop: (words) => console.log(words),
    fail: (words) => console.error(words),
  }
}
