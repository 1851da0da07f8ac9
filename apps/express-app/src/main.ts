import { startSample } from '@orgpass/sample-host'
import { buildApp } from './app.ts'

await startSample('Orgpass sample app', buildApp)
