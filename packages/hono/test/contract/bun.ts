import { contractApp } from './app.ts'

const { PORT, SCENARIO = '' } = process.env

// oxlint-disable-next-line import/no-default-export -- how Bun is told what to serve
export default { fetch: contractApp(SCENARIO).fetch, port: Number(PORT), hostname: '127.0.0.1' }
