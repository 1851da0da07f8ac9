import { Catch, Controller, Get, HttpException, Post } from '@nestjs/common'
import type { ArgumentsHost, ExceptionFilter, LoggerService, Provider } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, HttpAdapterHost } from '@nestjs/core'
import { isSalesforceAuthError, SalesforceAuthError } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  Public,
  RequiresSameOrigin,
  RequiresScope,
  Salesforce,
  SalesforceAuthModule,
  SalesforceErrorFilter,
  SalesforceGuard,
} from '../src/index.ts'
import { nest } from './nest-version.ts'
import { platforms, script, stage } from './stage.ts'
import type { Stage } from './stage.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
beforeEach(() => sim.reset())
afterAll(() => sim.close())

@Controller()
class Pages {
  @Public()
  @Get('limits')
  async limits(@Salesforce() salesforce: RequestAuth): Promise<number> {
    return (await salesforce.fetch('/services/data/v64.0/limits')).status
  }

  @RequiresSameOrigin()
  @Post('write')
  write(): string {
    return 'in'
  }

  @Get('page')
  page(): string {
    return 'in'
  }

  @RequiresScope('web')
  @Get('scope')
  scope(): string {
    return 'in'
  }
}

/** Keeps what Nest prints. */
class Lines implements LoggerService {
  readonly errors: string[] = []
  log(): void {}
  warn(): void {}
  error(...words: unknown[]): void {
    this.errors.push(JSON.stringify(words))
  }
}

/** What many apps have: one format for everything. */
@Catch()
class CatchAll implements ExceptionFilter {
  readonly #host: HttpAdapterHost

  constructor(host: HttpAdapterHost) {
    this.#host = host
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const status = thrown instanceof HttpException ? thrown.getStatus() : 500
    this.#host.httpAdapter.reply(host.switchToHttp().getResponse(), { oops: status }, status)
  }
}

/** A page in place of JSON, as the README shows it. */
@Catch(SalesforceAuthError, HttpException)
class ErrorPages implements ExceptionFilter {
  readonly #host: HttpAdapterHost

  constructor(host: HttpAdapterHost) {
    this.#host = host
  }

  catch(thrown: SalesforceAuthError | HttpException, host: ArgumentsHost): void {
    const error = thrown instanceof HttpException ? thrown.cause : thrown
    const text = isSalesforceAuthError(error) ? `<p>${error.code}` : '<p>other'
    const status = thrown instanceof HttpException ? thrown.getStatus() : thrown.status
    this.#host.httpAdapter.setHeader(host.switchToHttp().getResponse(), 'content-type', 'text/html')
    this.#host.httpAdapter.reply(host.switchToHttp().getResponse(), text, status)
  }
}

describe.each(platforms)(`${nest} on $name: errors`, ({ adapter }) => {
  async function open(lines: Lines, ...filters: Provider[]): Promise<Stage> {
    return stage(
      sim,
      (options) => ({
        imports: [SalesforceAuthModule.forRoot(options)],
        controllers: [Pages],
        providers: [{ provide: APP_GUARD, useClass: SalesforceGuard }, ...filters],
      }),
      { adapter: adapter(), prepare: (app) => app.useLogger(lines) },
    )
  }

  it("Nest's own answer to the kit's errors has their status and their message", async () => {
    await using scene = await open(new Lines())
    const missing = await scene.browser().get('/limits', { headers: script })
    expect([missing.status, await missing.json()]).toEqual([
      401,
      { statusCode: 401, message: 'Nobody is logged in to Salesforce in this browser.' },
    ])
  })

  it('the auth routes and guards say code and hint by themselves', async () => {
    const lines = new Lines()
    await using scene = await open(lines)
    const callback = await scene.browser().get('/auth/callback')
    expect([callback.status, await callback.json()]).toMatchObject([
      400,
      { statusCode: 400, error: 'callback/opened-directly', hint: expect.any(String) },
    ])
    const scope = await (await scene.login()).get('/scope', { headers: script })
    expect([scope.status, await scope.json()]).toMatchObject([
      403,
      { statusCode: 403, error: 'request/forbidden', requirement: 'scope', scope: 'web' },
    ])
    // A visitor's mistake is no matter for the log.
    expect(lines.errors).toEqual([])
  })

  it('the filter says code and hint of all of them', async () => {
    const lines = new Lines()
    await using scene = await open(lines, { provide: APP_FILTER, useClass: SalesforceErrorFilter })
    const missing = await scene.browser().get('/limits', { headers: script })
    expect([missing.status, await missing.json()]).toMatchObject([
      401,
      { statusCode: 401, error: 'session/missing', hint: expect.any(String), needsLogin: true },
    ])
    const forged = await (await scene.login()).post('/write', { headers: { origin: 'https://evil.example' } })
    expect([forged.status, await forged.json()]).toMatchObject([403, { error: 'request/cross-origin' }])
    expect(lines.errors).toEqual([])
  })

  it("what only the app's owner should read goes to the log, not to the visitor", async () => {
    const lines = new Lines()
    await using scene = await open(lines, { provide: APP_FILTER, useClass: SalesforceErrorFilter })
    const agent = await scene.login()
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', { error: 'invalid_client' })
    const limits = await agent.get('/limits', { headers: script })
    expect([limits.status, await limits.json()]).toEqual([
      502,
      {
        statusCode: 502,
        error: 'oauth/invalid_client',
        message: 'The app could not do this. Its log says why.',
        needsLogin: false,
        retryable: false,
      },
    ])
    expect(lines.errors.join()).toContain('hint')

    sim.faults.next('token:authorization_code', { error: 'invalid_client' })
    const away = await agent.get('/auth/login')
    const callback = await agent.get((await sim.signIn(away.headers.get('location') ?? '')).href)
    expect([callback.status, await callback.text()]).toEqual([502, expect.not.stringMatching(/secret/i)])
    expect(lines.errors).toHaveLength(2)
  })

  it('a filter for everything gets what was refused; a redirect stays one, and so does a challenge', async () => {
    await using scene = await open(new Lines(), { provide: APP_FILTER, useClass: CatchAll })
    const away = await scene.browser().get('/page')
    expect([away.status, away.headers.get('location')]).toEqual([302, expect.stringContaining(sim.org().url)])
    const refused = await scene.browser().get('/page', { headers: script })
    expect([refused.status, await refused.json()]).toEqual([401, { oops: 401 }])
    expect(refused.headers.get('www-authenticate')).toBe('Salesforce realm="salesforce"')
    const callback = await scene.browser().get('/auth/callback')
    expect([callback.status, await callback.json()]).toEqual([400, { oops: 400 }])
  })

  it('a filter of the app can answer with pages: every error is there, by itself or as a cause', async () => {
    await using scene = await open(new Lines(), { provide: APP_FILTER, useClass: ErrorPages })
    const pages = ['/auth/callback', '/limits', '/nowhere'].map(async (path) => {
      const page = await scene.browser().get(path)
      return [page.status, page.headers.get('content-type')?.startsWith('text/html'), await page.text()]
    })
    expect(await Promise.all(pages)).toEqual([
      [400, true, '<p>callback/opened-directly'],
      [401, true, '<p>session/missing'],
      [404, true, '<p>other'],
    ])
  })
})
