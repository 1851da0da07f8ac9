import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common'
import { ApiCookieAuth, ApiOkResponse, ApiOperation, ApiTags, ApiUnauthorizedResponse } from '@nestjs/swagger'
import type { RequestAuth } from '@orgpass/core'
import { RequiresSameOrigin, Salesforce } from '@orgpass/nest'
import { ForManagers, ForSellers } from '../roles.ts'
import { AccountsService } from './accounts.service.ts'
import { Account, Book, Colleague, HandedOver, Handover } from './models.ts'

/** No word about logins here: the app's guard demands one of every handler. */
@ApiTags('Accounts')
@ApiCookieAuth()
@ApiUnauthorizedResponse({ description: 'Nobody is logged in' })
@Controller('api')
export class AccountsController {
  readonly #accounts: AccountsService

  constructor(accounts: AccountsService) {
    this.#accounts = accounts
  }

  @ApiOperation({ summary: 'The accounts you own' })
  @ApiOkResponse({ type: [Account] })
  @Get('accounts')
  mine(@Salesforce() salesforce: RequestAuth): Promise<Account[]> {
    return this.#accounts.mine(salesforce)
  }

  @ApiOperation({ summary: 'Whom you can hand accounts over to' })
  @ApiOkResponse({ type: [Colleague] })
  @ForSellers()
  @Get('colleagues')
  colleagues(@Salesforce() salesforce: RequestAuth): Promise<Colleague[]> {
    return this.#accounts.colleagues(salesforce)
  }

  @ApiOperation({ summary: 'Hands accounts of yours over to a colleague' })
  @ApiOkResponse({ type: HandedOver })
  @ForSellers()
  @RequiresSameOrigin()
  @HttpCode(200)
  @Post('handovers')
  handOver(@Salesforce() salesforce: RequestAuth, @Body() handover: Handover): Promise<HandedOver> {
    return this.#accounts.handOver(salesforce, handover)
  }

  @ApiOperation({ summary: 'How many accounts each person looks after' })
  @ApiOkResponse({ type: [Book] })
  @ForManagers()
  @Get('books')
  books(@Salesforce() salesforce: RequestAuth): Promise<Book[]> {
    return this.#accounts.books(salesforce)
  }
}
