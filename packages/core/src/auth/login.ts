import type { Exchange, Reply } from '../http/exchange.ts'
import { authorize, redirectTo } from './authorize.ts'
import type { Prompt } from './authorize.ts'
import type { Kit } from './kit.ts'

export interface LoginOptions {
  /** A path of this app to come back to. @default '/' */
  returnTo?: string
  /** `login` lets somebody else log in, `consent` asks for the approval again, `select_account` offers known users. */
  prompt?: Prompt
  /** A user name to pre-fill. */
  loginHint?: string
}

/** Starts a login attempt and answers the redirect to Salesforce. */
export async function startLogin(kit: Kit, exchange: Exchange, options: LoginOptions): Promise<Reply> {
  const { client, config } = kit
  const { login, scope } = config
  return redirectTo(await authorize({ kit, exchange }, { client, login, scope }, options), 302)
}
