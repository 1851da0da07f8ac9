import { Args, Mutation, Query, Resolver } from '@nestjs/graphql'
import type { RequestAuth } from '@orgpass/core'
import { RequiresSameOrigin, Salesforce } from '@orgpass/nest'
import { ForManagers, ForSellers } from '../roles.ts'
import { AccountsService } from './accounts.service.ts'
import { Account, Book, Colleague, HandedOver, Handover } from './models.ts'

/** The same as the REST routes, behind the same guard and the same roles. */
@Resolver()
export class AccountsResolver {
  readonly #accounts: AccountsService

  constructor(accounts: AccountsService) {
    this.#accounts = accounts
  }

  @Query(() => [Account])
  accounts(@Salesforce() salesforce: RequestAuth): Promise<Account[]> {
    return this.#accounts.mine(salesforce)
  }

  @ForSellers()
  @Query(() => [Colleague])
  colleagues(@Salesforce() salesforce: RequestAuth): Promise<Colleague[]> {
    return this.#accounts.colleagues(salesforce)
  }

  @ForManagers()
  @Query(() => [Book])
  books(@Salesforce() salesforce: RequestAuth): Promise<Book[]> {
    return this.#accounts.books(salesforce)
  }

  @ForSellers()
  @RequiresSameOrigin()
  @Mutation(() => HandedOver)
  handOver(@Salesforce() salesforce: RequestAuth, @Args('handover') handover: Handover): Promise<HandedOver> {
    return this.#accounts.handOver(salesforce, handover)
  }
}
