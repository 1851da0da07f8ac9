import { All, Body, Controller, Get, Header, HttpCode, Post, Redirect, Res } from '@nestjs/common'
import type { HttpRedirectResponse } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import { requiresAuth } from '@orgpass/core'
import type { Reply, RequestAuth } from '@orgpass/core'
import { LIMITS } from '@orgpass/testing/contract'
import { Public, Requires, RequiresSameOrigin, Salesforce } from '../../src/index.ts'

@Controller()
export class Pages {
  readonly #host: HttpAdapterHost
  #writes = 0

  constructor(host: HttpAdapterHost) {
    this.#host = host
  }

  @Public()
  @Get()
  @Header('content-type', 'text/plain')
  home(): string {
    return 'home'
  }

  @Public()
  @Get('me')
  async me(@Salesforce() salesforce: RequestAuth, @Res() res: unknown): Promise<void> {
    // Nest writes nothing for null.
    this.#host.httpAdapter.setHeader(res, 'content-type', 'application/json')
    this.#host.httpAdapter.reply(res, JSON.stringify((await salesforce.session()) ?? null), 200)
  }

  @Public()
  @Get('connections')
  async connections(@Salesforce() { connections }: RequestAuth): Promise<unknown> {
    return (await connections.list()).map(({ info }) => info.alias)
  }

  @All('guarded')
  @HttpCode(200)
  @Header('content-type', 'text/plain')
  guarded(): string {
    return 'in'
  }

  @RequiresSameOrigin()
  @Post('write')
  @HttpCode(200)
  @Header('content-type', 'text/plain')
  write(): string {
    return String(++this.#writes)
  }

  @Public()
  @Get('limits')
  async limits(@Salesforce() salesforce: RequestAuth, @Res({ passthrough: true }) res: unknown): Promise<string> {
    const { status } = await salesforce.fetch(LIMITS)
    // Said before, it would be the type of an error, too.
    this.#host.httpAdapter.setHeader(res, 'content-type', 'text/plain')
    return String(status)
  }

  @Public()
  @Get('cookies')
  @Header('content-type', 'text/plain')
  async cookies(@Salesforce() salesforce: RequestAuth, @Res({ passthrough: true }) res: unknown): Promise<string> {
    this.#cookie(res, 'first=1; Path=/')
    this.#cookie(res, 'salesforce.side=own; Path=/')
    await Promise.all([salesforce.fetch(LIMITS), salesforce.fetch(LIMITS)])
    await salesforce.saveData({ theme: 'dark' })
    this.#cookie(res, 'last=2; Path=/')
    return 'set'
  }

  @Public()
  @Get('cached')
  @Header('content-type', 'text/plain')
  @Header('cache-control', 'public, max-age=600')
  async cached(@Salesforce() salesforce: RequestAuth): Promise<string> {
    await salesforce.fetch(LIMITS)
    return 'cached'
  }

  @Public()
  @Get('throw')
  async throw(@Salesforce() salesforce: RequestAuth, @Res({ passthrough: true }) res: unknown): Promise<never> {
    await salesforce.fetch(LIMITS)
    this.#host.httpAdapter.setHeader(res, 'x-own', '1')
    throw new Error('the handler failed')
  }

  @Public()
  @Post('echo')
  @HttpCode(200)
  echo(@Body() body: unknown): unknown {
    return body
  }

  #cookie(res: unknown, line: string): void {
    this.#host.httpAdapter.appendHeader(res, 'set-cookie', line)
  }
}

@Controller('auth')
export class OwnLogin {
  @Public()
  @Get('login')
  own(): string {
    return 'own'
  }
}

@Public()
@Controller()
export class Leaving {
  @Get('connect')
  @Redirect()
  async connect(@Salesforce() salesforce: RequestAuth): Promise<HttpRedirectResponse> {
    return redirect(await salesforce.login({ returnTo: '/done' }))
  }

  @Post('leave')
  @Redirect()
  async leave(@Salesforce() salesforce: RequestAuth): Promise<HttpRedirectResponse> {
    return redirect(await salesforce.logout({ returnTo: '/left' }))
  }
}

function redirect({ location = '/', status }: Reply): HttpRedirectResponse {
  return { url: location, statusCode: status }
}

@Controller()
export class TwoNames {
  @Requires(requiresAuth(), { name: 'partner' })
  @Get('names')
  async names(
    @Salesforce() salesforce: RequestAuth,
    @Salesforce({ name: 'partner' }) partner: RequestAuth,
  ): Promise<(string | undefined)[]> {
    return [(await salesforce.identity()).username, (await partner.identity()).username]
  }
}

@Controller()
export class Closed {
  @All(['/', '*'])
  @HttpCode(200)
  @Header('content-type', 'text/plain')
  any(): string {
    return 'in'
  }
}
