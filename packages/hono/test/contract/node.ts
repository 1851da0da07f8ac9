import { serve } from '@hono/node-server'
import { contractApp } from './app.ts'

const { PORT, SCENARIO = '' } = process.env
serve({ fetch: contractApp(SCENARIO).fetch, port: Number(PORT), hostname: '127.0.0.1' })
