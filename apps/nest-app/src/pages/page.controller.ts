import { Controller, Get, Header, Inject } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import { isSalesforceAuthError } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'
import { Public, Salesforce } from '@orgpass/nest'
import type { Demo } from '@orgpass/sample-host'
import { MANAGERS, SELLERS } from '../roles.ts'
import { frontPage } from './front-page.ts'
import type { Visitor } from './front-page.ts'
import { STYLE } from './style.ts'

export const DEMO: unique symbol = Symbol('the simulated org, if it is one')

@ApiExcludeController()
@Public()
@Controller()
export class PageController {
  readonly #demo: Demo | undefined

  constructor(@Inject(DEMO) demo: Demo | undefined) {
    this.#demo = demo
  }

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  async front(@Salesforce() salesforce: RequestAuth): Promise<string> {
    return frontPage({ visitor: await visitorOf(salesforce), demo: this.#demo }).text
  }

  @Get('style.css')
  @Header('content-type', 'text/css; charset=utf-8')
  style(): string {
    return STYLE
  }
}

/** What the guards know, asked for a page: nobody is refused here. */
async function visitorOf(salesforce: RequestAuth): Promise<Visitor | undefined> {
  const caller = await salesforce.caller()
  if (caller === undefined) return undefined
  const { displayName } = await salesforce.identity()
  try {
    const profile = (await caller.profile()) ?? 'no profile'
    return { displayName, profile, isSeller: SELLERS.includes(profile), isManager: MANAGERS.includes(profile) }
  } catch (error) {
    if (!isSalesforceAuthError(error)) throw error
    return { displayName, profile: 'a profile that this app may not read', isSeller: false, isManager: false }
  }
}
