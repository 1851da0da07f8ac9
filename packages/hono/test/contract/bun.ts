import { contractApp } from './app.ts'

const { PORT, SCENARIO = '' } = process.env

export default { fetch: contractApp(SCENARIO).fetch, port: Number(PORT), hostname: '127.0.0.1' }
