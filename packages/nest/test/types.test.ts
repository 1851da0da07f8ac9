import { Controller } from '@nestjs/common'
import type { CanActivate, DynamicModule } from '@nestjs/common'
import type { Guard, RequestAuth, SalesforceAuth, SalesforceAuthOptions, Session } from '@orgpass/core'
import { expect, expectTypeOf, it } from 'vitest'
import {
  InjectSalesforce,
  OptionalAuth,
  Public,
  Requires,
  RequiresAuth,
  RequiresOrg,
  RequiresScope,
  Salesforce,
  SalesforceAuthModule,
  SalesforceGuard,
  salesforceToken,
} from '../src/index.ts'
import { loggedInAs } from '../src/testing.ts'

it('what decorators hand over is typed without a cast', () => {
  class Typed {
    one(@Salesforce() salesforce: RequestAuth): Promise<Session | undefined> {
      return salesforce.session()
    }

    second(_id: string, @Salesforce({ name: 'partner' }) salesforce: RequestAuth): Promise<string> {
      return salesforce.accessToken()
    }

    less(@Salesforce() salesforce: Pick<RequestAuth, 'fetch'>): Promise<Response> {
      return salesforce.fetch('/')
    }

    rest(@Salesforce() salesforce: unknown): unknown {
      return salesforce
    }
  }
  expectTypeOf<SalesforceGuard>().toExtend<CanActivate>()
  expectTypeOf(SalesforceAuthModule.forRoot()).toEqualTypeOf<DynamicModule>()
  expectTypeOf(salesforceToken()).toEqualTypeOf<typeof SalesforceAuth | string>()
  expectTypeOf(loggedInAs).returns.resolves.toEqualTypeOf<SalesforceAuth>()
  expect(Typed).toBeTypeOf('function')
})

it('mistakes do not compile', () => {
  class Mistaken {
    // @ts-expect-error -- it is no text
    text(@Salesforce() salesforce: string): string {
      return salesforce
    }

    // @ts-expect-error -- the session is asked for, not handed over
    session(@Salesforce() session: Session): string {
      return session.orgId
    }

    // @ts-expect-error -- the second parameter is meant, and it is a number
    position(salesforce: RequestAuth, @Salesforce() page: number): unknown {
      return [salesforce, page]
    }

    // @ts-expect-error -- instances go by names
    name(@Salesforce('partner') salesforce: RequestAuth): RequestAuth {
      return salesforce
    }

    unawaited(@Salesforce() salesforce: RequestAuth): unknown {
      // @ts-expect-error -- the session is a promise
      return salesforce.session().orgId
    }
  }

  const guard: Guard = async () => undefined
  const options: SalesforceAuthOptions = {}
  const mistakes = (): unknown[] => [
    // @ts-expect-error -- there is no such option
    SalesforceAuthModule.forRoot({ clientID: 'x' }),
    // @ts-expect-error -- a factory answers options
    SalesforceAuthModule.forRootAsync({ useFactory: () => ({ clientId: 1 }) }),
    // @ts-expect-error -- an instance brings its own options
    SalesforceAuthModule.forRoot({ instance: options }),
    // @ts-expect-error -- scopes are texts
    RequiresScope(1),
    // @ts-expect-error -- it needs to say which
    RequiresOrg(),
    // @ts-expect-error -- options come last
    RequiresAuth('partner'),
    // @ts-expect-error -- it takes a guard of core's, not Nest's
    Requires(SalesforceGuard),
    // @ts-expect-error -- a name is text
    InjectSalesforce({ name: 1 }),
    // @ts-expect-error -- there is nothing to judge
    Public({ name: 'partner' }),
    // @ts-expect-error -- a user has no such thing
    loggedInAs({ user: 'ada' }),
  ]
  expect(mistakes).toBeTypeOf('function')
  expect([Mistaken, Requires(guard), OptionalAuth({ name: 'partner' })]).toHaveLength(3)
})

it('decorators go on classes and methods, not on properties', () => {
  @RequiresScope('api')
  @Controller()
  class Right {
    @Public()
    method(): string {
      return 'in'
    }
  }

  class Wrong {
    // @ts-expect-error -- a property answers nobody
    @RequiresScope('api')
    property = 1
  }
  expect([Right, Wrong]).toHaveLength(2)
})
