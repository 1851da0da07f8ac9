import { ApolloDriver } from '@nestjs/apollo'
import type { ApolloDriverConfig } from '@nestjs/apollo'
import { APP_FILTER, APP_GUARD } from '@nestjs/core'
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql'
import { requiresBearer } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'
import { startSimulator } from '@orgpass/simulator'
import { expect, it, onTestFinished } from 'vitest'
import {
  Public,
  Requires,
  RequiresBearer,
  RequiresProfile,
  Salesforce,
  SalesforceAuthModule,
  SalesforceErrorFilter,
  SalesforceGuard,
} from '../src/index.ts'
import { bearer } from './contexts/bearer.ts'
import { nest } from './nest-version.ts'
import { script, stage } from './stage.ts'

async function kindOf(salesforce: RequestAuth): Promise<string> {
  return (await salesforce.caller())?.kind ?? 'nobody'
}

it(`${nest}: one GraphQL query has one principal, whichever of its fields is judged first`, async () => {
  const sim = await startSimulator()
  onTestFinished(() => sim.close())
  const after = (ms: number) => async (): Promise<undefined> => {
    await new Promise((resolve) => void setTimeout(resolve, ms))
  }

  @Resolver()
  class Fields {
    @RequiresProfile('Sales User')
    @Query(() => String)
    async sales(@Salesforce() salesforce: RequestAuth): Promise<string> {
      const before = await salesforce.caller()
      await after(200)()
      return before?.userId === (await salesforce.caller())?.userId ? kindOf(salesforce) : 'replaced'
    }

    @RequiresBearer()
    @Query(() => String)
    api(@Salesforce() salesforce: RequestAuth): Promise<string> {
      return kindOf(salesforce)
    }

    @Public()
    @Requires(after(100))
    @Requires(requiresBearer())
    @Query(() => String)
    late(@Salesforce() salesforce: RequestAuth): Promise<string> {
      return kindOf(salesforce)
    }
  }

  await using scene = await stage(sim, (options) => {
    const accepted = { issuers: [sim.org().url], clientIds: [sim.app().clientId] }
    return {
      imports: [
        SalesforceAuthModule.forRoot({ ...options, bearer: accepted }),
        GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true, graphiql: false }),
      ],
      providers: [
        Fields,
        { provide: APP_GUARD, useClass: SalesforceGuard },
        { provide: APP_FILTER, useClass: SalesforceErrorFilter },
      ],
    }
  })
  const grace = await scene.login('grace@acme.example')
  const headers = { ...script, authorization: await bearer(sim) }
  const ask = async (query: string): Promise<{ data?: object | null; errors?: unknown[] }> =>
    (await (await grace.post('/graphql', { json: { query }, headers })).json()) as object
  expect(await ask('{ sales }')).toEqual({ data: { sales: 'session' } })
  expect(await ask('{ api }')).toEqual({ data: { api: 'bearer' } })
  for (const query of ['{ sales api }', '{ api sales }', '{ sales late }', '{ late sales }']) {
    const { data, errors } = await ask(query)
    expect([query, data, errors]).toEqual([query, null, [expect.anything()]])
  }
})
