import { Controller, Get } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import type { SalesforceAuthOptions } from '@orgpass/core'
import { requiresBearer } from '@orgpass/core'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import type { Agent } from '@orgpass/testing'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  OptionalAuth,
  Public,
  Requires,
  RequiresAuth,
  RequiresBearer,
  RequiresProfile,
  RequiresSameOrigin,
  SalesforceAuthModule,
  SalesforceGuard,
} from '../src/index.ts'
import { bearer } from './contexts/bearer.ts'
import { nest } from './nest-version.ts'
import { script, stage } from './stage.ts'
import type { Stage } from './stage.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
beforeEach(() => sim.reset())
afterAll(() => sim.close())

const PARTNER = { name: 'partner' }
const routes = { login: '/partner/login', callback: '/partner/callback', logout: '/partner/logout' }

function open(...controllers: (new () => object)[]): Promise<Stage> {
  return stage(sim, (options: SalesforceAuthOptions) => {
    const accepted = { issuers: [sim.org().url], clientIds: [sim.app().clientId] }
    return {
      imports: [
        SalesforceAuthModule.forRoot({ ...options, bearer: accepted }),
        SalesforceAuthModule.forRoot({ ...options, ...PARTNER, routes }),
      ],
      controllers,
      providers: [{ provide: APP_GUARD, useClass: SalesforceGuard }],
    }
  })
}

async function statuses(agent: Agent, paths: readonly string[], headers = {}): Promise<Record<string, number>> {
  const found: [string, number][] = []
  for (const path of paths) {
    found.push([path, (await agent.get(`/${path}`, { headers: { ...script, ...headers } })).status])
  }
  return Object.fromEntries(found)
}

it(`${nest}: what a method requires holds for strangers whom its class lets pass`, async () => {
  @OptionalAuth()
  @RequiresProfile('Sales User')
  @Controller('library')
  class Library {
    @Get('home')
    home(): string {
      return 'in'
    }

    @RequiresProfile('Sales User')
    @Get('sales')
    sales(): string {
      return 'in'
    }

    @RequiresSameOrigin()
    @Get('write')
    write(): string {
      return 'in'
    }

    @Requires(requiresBearer())
    @Get('api')
    api(): string {
      return 'in'
    }

    @RequiresProfile('Sales User', PARTNER)
    @Get('partner')
    partner(): string {
      return 'in'
    }

    @OptionalAuth()
    @RequiresProfile('Sales User')
    @Get('beside')
    beside(): string {
      return 'in'
    }
  }

  await using scene = await open(Library)
  const paths = ['home', 'sales', 'write', 'api', 'partner', 'beside'].map((path) => `library/${path}`)
  const foreign = { 'sec-fetch-site': 'cross-site' }
  expect(await statuses(scene.browser(), paths, foreign)).toEqual({
    'library/home': 200,
    'library/sales': 401,
    'library/write': 403,
    'library/api': 401,
    'library/partner': 401,
    'library/beside': 401,
  })
  const [, ...required] = paths
  expect(await statuses(await scene.login(), paths.slice(0, 2))).toEqual({ 'library/home': 403, 'library/sales': 403 })
  expect(await statuses(await scene.login('grace@acme.example'), required, { origin: scene.url })).toEqual({
    'library/sales': 200,
    'library/write': 200,
    'library/api': 401,
    'library/partner': 401,
    'library/beside': 200,
  })
})

it(`${nest}: a stranger to one instance is none to what a class requires of another`, async () => {
  @OptionalAuth()
  @RequiresProfile('Sales User', PARTNER)
  @Controller('shared')
  class Shared {
    @Get()
    shared(): string {
      return 'in'
    }
  }

  await using scene = await open(Shared)
  expect(await statuses(scene.browser(), ['shared'])).toEqual({ shared: 401 })
})

it(`${nest}: a class that is open opens none that extends it, and one that is closed closes them`, async () => {
  @Public()
  class Open {
    @Get('inherited')
    inherited(): string {
      return 'in'
    }

    @Public()
    @Get('told')
    told(): string {
      return 'in'
    }
  }

  @Controller('a')
  class OfOpen extends Open {
    @Get('own')
    own(): string {
      return 'in'
    }
  }

  @OptionalAuth(PARTNER)
  class Optional {}

  @Controller('b')
  class OfOptional extends Optional {
    @Get('own')
    own(): string {
      return 'in'
    }
  }

  @RequiresBearer()
  class Api {}

  @Controller('c')
  class OfApi extends Api {
    @Get('own')
    own(): string {
      return 'in'
    }
  }

  @RequiresAuth()
  class Closed {}

  @Public()
  @Controller('d')
  class OpenAgain extends Closed {
    @Get('own')
    own(): string {
      return 'in'
    }
  }

  await using scene = await open(OfOpen, OfOptional, OfApi, OpenAgain)
  const paths = ['a/own', 'a/inherited', 'a/told', 'b/own', 'c/own', 'd/own']
  const strangers = { 'a/own': 401, 'a/inherited': 401, 'a/told': 200, 'b/own': 401, 'c/own': 401, 'd/own': 200 }
  expect(await statuses(scene.browser(), paths)).toEqual(strangers)
  // What is inherited still says which instance is meant.
  const people = { ...strangers, 'a/own': 200, 'a/inherited': 200 }
  expect(await statuses(await scene.login(), paths)).toEqual(people)
  const programs = { 'c/own': 200, 'a/own': 401 }
  expect(await statuses(scene.browser(), Object.keys(programs), { authorization: await bearer(sim) })).toEqual(programs)
})
