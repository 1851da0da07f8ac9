import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { describeAdapter } from '@orgpass/testing/adapter'
import { startContractApp } from './contract/app.ts'
import { nest } from './nest-version.ts'

describeAdapter(`${nest} on Express`, (setup) => startContractApp(setup, new ExpressAdapter()))
describeAdapter(`${nest} on Fastify`, (setup) => startContractApp(setup, new FastifyAdapter()), {
  lacks: { parsed: 'Fastify reads bodies after every middleware' },
})
