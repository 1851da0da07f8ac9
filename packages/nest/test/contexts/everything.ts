import { Controller, Get, UseFilters, UseGuards } from '@nestjs/common'
import type { DynamicModule, ModuleMetadata } from '@nestjs/common'
import { APP_FILTER, APP_GUARD } from '@nestjs/core'
import { ApolloDriver } from '@nestjs/apollo'
import type { ApolloDriverConfig } from '@nestjs/apollo'
import { GraphQLModule, Query, Resolver, Subscription } from '@nestjs/graphql'
import { GrpcMethod, MessagePattern } from '@nestjs/microservices'
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import type { RequestAuth, SalesforceAuthOptions } from '@orgpass/core'
import {
  OptionalAuth,
  Public,
  RequiresBearer,
  RequiresProfile,
  RequiresSameOrigin,
  RequiresScope,
  Salesforce,
  SalesforceAuthModule,
  SalesforceErrorFilter,
  SalesforceGuard,
} from '../../src/index.ts'
import { nest } from '../nest-version.ts'
import { SocketFilter } from './socket-filter.ts'

/** Who is there: the user's id, or nobody. */
async function who(salesforce: RequestAuth): Promise<string> {
  const caller = await salesforce.caller()
  return caller?.userId ?? (caller === undefined ? 'nobody' : 'an app')
}

@Controller()
class Pages {
  @Get('who')
  who(@Salesforce() salesforce: RequestAuth): Promise<string> {
    return who(salesforce)
  }

  @Public()
  @Get('open')
  open(@Salesforce() salesforce: RequestAuth): Promise<string> {
    return who(salesforce)
  }
}

@Resolver()
class Queries {
  @Query(() => String)
  who(@Salesforce() salesforce: RequestAuth): Promise<string> {
    return who(salesforce)
  }

  @Public()
  @Query(() => String)
  open(@Salesforce() salesforce: RequestAuth): Promise<string> {
    return who(salesforce)
  }

  @RequiresProfile('Sales User')
  @Query(() => String)
  sales(): string {
    return 'in'
  }

  @Query(() => String)
  async failing(@Salesforce() salesforce: RequestAuth): Promise<string> {
    await salesforce.logout()
    return salesforce.accessToken()
  }

  @Subscription(() => String, { resolve: (value: string) => value })
  async *ticks(@Salesforce() salesforce: RequestAuth): AsyncGenerator<string> {
    yield await who(salesforce)
  }
}

// Nest's global filters do not reach gateways and, before Nest 12, its global guards do not either.
@UseFilters(nest === 'Nest 11' ? SocketFilter : SalesforceErrorFilter)
@UseGuards(...(nest === 'Nest 11' ? [SalesforceGuard] : []))
@WebSocketGateway({ path: '/live' })
class Live {
  @SubscribeMessage('who')
  async who(@Salesforce() salesforce: RequestAuth): Promise<object> {
    return { event: 'who', data: await who(salesforce) }
  }

  @Public()
  @SubscribeMessage('open')
  async open(@Salesforce() salesforce: RequestAuth): Promise<object> {
    return { event: 'open', data: await who(salesforce) }
  }

  @OptionalAuth()
  @SubscribeMessage('maybe')
  async maybe(@Salesforce() salesforce: RequestAuth): Promise<object> {
    return { event: 'maybe', data: await who(salesforce) }
  }

  @RequiresProfile('Sales User')
  @SubscribeMessage('sales')
  sales(): object {
    return { event: 'sales', data: 'in' }
  }

  @RequiresSameOrigin()
  @SubscribeMessage('write')
  write(): object {
    return { event: 'write', data: 'in' }
  }

  @RequiresBearer()
  @SubscribeMessage('api')
  async api(@Salesforce() salesforce: RequestAuth): Promise<object> {
    return { event: 'api', data: await who(salesforce) }
  }

  @SubscribeMessage('limits')
  async limits(@Salesforce() salesforce: RequestAuth): Promise<object> {
    return { event: 'limits', data: (await salesforce.fetch('/services/data/v64.0/limits')).status }
  }
}

@Controller()
class Calls {
  @MessagePattern('who')
  who(@Salesforce() salesforce: RequestAuth): Promise<string> {
    return who(salesforce)
  }

  @Public()
  @MessagePattern('open')
  open(@Salesforce() salesforce: RequestAuth): Promise<string> {
    return who(salesforce)
  }

  @RequiresScope('chatbot_api')
  @MessagePattern('chat')
  chat(): string {
    return 'in'
  }

  @MessagePattern('limits')
  async limits(@Salesforce() salesforce: RequestAuth): Promise<number> {
    return (await salesforce.fetch('/services/data/v64.0/limits')).status
  }

  @GrpcMethod('Who', 'Ask')
  async ask(_question: object, @Salesforce() salesforce: RequestAuth): Promise<object> {
    return { id: await who(salesforce) }
  }

  @Public()
  @GrpcMethod('Who', 'Open')
  async openly(_question: object, @Salesforce() salesforce: RequestAuth): Promise<object> {
    return { id: await who(salesforce) }
  }
}

/** One app with a handler of every kind, behind one guard. */
export function everything(options: SalesforceAuthOptions): ModuleMetadata {
  const { providers = [], ...rest } = withoutGateway(options)
  return { ...rest, providers: [Live, ...providers] }
}

/** The gateway's server would close the sockets of subscriptions. */
export function withoutGateway(options: SalesforceAuthOptions): ModuleMetadata {
  const { clientId = '', loginUrl = '' } = options
  const bearer = { issuers: [loginUrl], clientIds: [clientId] }
  return {
    imports: [SalesforceAuthModule.forRoot({ ...options, bearer }), graphql()],
    controllers: [Pages, Calls],
    providers: [
      Queries,
      { provide: APP_GUARD, useClass: SalesforceGuard },
      { provide: APP_FILTER, useClass: SalesforceErrorFilter },
    ],
  }
}

function graphql(): DynamicModule {
  return GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    autoSchemaFile: true,
    subscriptions: { 'graphql-ws': true },
    graphiql: false,
  })
}
