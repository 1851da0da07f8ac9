import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { describeAdapter } from '@orgpass/testing/adapter'
import { startContractApp } from './contract/app.ts'
import { nest } from './nest-version.ts'

const lacks = { tenants: 'a module of Nest is one instance' }

describeAdapter(`${nest} on Express`, (setup) => startContractApp(setup, new ExpressAdapter()), { lacks })
describeAdapter(`${nest} on Fastify`, (setup) => startContractApp(setup, new FastifyAdapter()), {
  lacks: { ...lacks, parsed: 'Fastify reads bodies after every middleware' },
})
