import { startSample } from '@orgpass/sample-host'
import { buildApp } from './app.ts'

await startSample('Orgpass on Nest', async (start) => (await buildApp(start)).getHttpAdapter().getInstance())
