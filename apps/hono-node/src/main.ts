import { getRequestListener } from '@hono/node-server'
import { startSample } from '@orgpass/sample-host'
import { buildApp } from './app.ts'

await startSample('Contacts, a JSON API with Hono', (start) => getRequestListener(buildApp(start).fetch))
