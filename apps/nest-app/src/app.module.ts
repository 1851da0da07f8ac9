import { ApolloDriver } from '@nestjs/apollo'
import type { ApolloDriverConfig } from '@nestjs/apollo'
import { Module } from '@nestjs/common'
import type { DynamicModule } from '@nestjs/common'
import { APP_FILTER, APP_GUARD } from '@nestjs/core'
import { GraphQLModule } from '@nestjs/graphql'
import { createSalesforceAuth } from '@orgpass/core/node'
import { SalesforceAuthModule, SalesforceGuard } from '@orgpass/nest'
import type { SampleStart } from '@orgpass/sample-host'
import { AccountsController } from './accounts/accounts.controller.ts'
import { AccountsResolver } from './accounts/accounts.resolver.ts'
import { AccountsService } from './accounts/accounts.service.ts'
import { limitQuestions } from './accounts/limit-questions.ts'
import { FailureFilter } from './failure.filter.ts'
import { DEMO, PageController } from './pages/page.controller.ts'

@Module({
  controllers: [PageController, AccountsController],
  providers: [
    AccountsService,
    AccountsResolver,
    { provide: APP_GUARD, useClass: SalesforceGuard },
    { provide: APP_FILTER, useClass: FailureFilter },
  ],
})
export class AppModule {
  /** An app of its own would write `SalesforceAuthModule.forRoot()` above; this one is told its environment. */
  static of({ env, demo }: SampleStart): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SalesforceAuthModule.forRoot({ instance: createSalesforceAuth({}, env) }),
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          autoSchemaFile: true,
          // Its page would run scripts of another site.
          graphiql: false,
          introspection: demo !== undefined,
          parseOptions: { maxLexicalTokens: 1_000 },
          validationRules: [limitQuestions],
        }),
      ],
      providers: [{ provide: DEMO, useValue: demo }],
    }
  }
}
