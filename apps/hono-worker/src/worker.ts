import { buildApp } from './app.ts'

export { OrgpassStore } from '@orgpass/store-cloudflare'

export default buildApp()
