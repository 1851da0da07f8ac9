import { startSample } from '@orgpass/sample-host'
import { buildApp } from './app.ts'

/** Slow enough to watch; a real org takes its own time. Milliseconds. */
const DEMO_PACE = 200

await startSample('Orgpass on Koa', ({ env, demo }) =>
  buildApp({ env, ...(demo && { demo, pace: DEMO_PACE }) }).callback(),
)
