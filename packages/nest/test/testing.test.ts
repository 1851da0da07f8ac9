import { Controller, Get, Module } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { Test } from '@nestjs/testing'
import { SalesforceAuth } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'
import { listen } from '@orgpass/testing'
import { expect, it } from 'vitest'
import { RequiresScope, Salesforce, SalesforceAuthModule, salesforceToken, SalesforceGuard } from '../src/index.ts'
import { loggedInAs } from '../src/testing.ts'
import { nest } from './nest-version.ts'

@Controller()
class Pages {
  @RequiresScope('api')
  @Get('me')
  async me(@Salesforce() salesforce: RequestAuth): Promise<string> {
    const answer = await salesforce.fetch('/services/data/v64.0/query?q=SELECT+Name+FROM+Account')
    return `${(await salesforce.session())?.userId} ${await answer.text()}`
  }
}

/** As an app has it: its options come from an environment that a test does not have. */
@Module({
  imports: [SalesforceAuthModule.forRoot()],
  controllers: [Pages],
  providers: [{ provide: APP_GUARD, useClass: SalesforceGuard }],
})
class AppModule {}

async function get(salesforce: SalesforceAuth): Promise<[number, string]> {
  const building = Test.createTestingModule({ imports: [AppModule] })
  const module = await building.overrideProvider(salesforceToken()).useValue(salesforce).compile()
  const app = await module.createNestApplication(new ExpressAdapter(), { logger: false }).init()
  const server = await listen(app.getHttpServer())
  const answer = await fetch(`${server.url}/me`)
  await server.close()
  await app.close()
  return [answer.status, await answer.text()]
}

it(`${nest}: one line logs somebody in, and the test answers in the place of Salesforce`, async () => {
  const userId = '005000000000009AAA'
  const fetch = async (): Promise<Response> => new Response('two accounts')
  expect(await get(await loggedInAs({ userId, fetch }))).toEqual([200, `${userId} two accounts`])
})

it(`${nest}: guards stay what they are`, async () => {
  const [status, text] = await get(await loggedInAs({ scope: ['web'] }))
  expect([status, JSON.parse(text)]).toMatchObject([403, { requirement: 'scope' }])
})
