import type { ServerResponse } from 'node:http'
import { Controller, Get, Res } from '@nestjs/common'
import { isSalesforceAuthError } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'
import { LIMITS } from '@orgpass/testing/contract'
import { Public, Salesforce } from '../../src/index.ts'

/** Fastify wraps Node's response and has to be told that it is written by hand. */
type PlatformResponse = ServerResponse & { raw?: ServerResponse; hijack?: () => void }

@Public()
@Controller()
export class Streams {
  @Get('stream')
  async stream(@Salesforce() salesforce: RequestAuth, @Res() res: PlatformResponse): Promise<void> {
    const raw = begin(res)
    raw.write('begin ')
    await finish(salesforce, raw)
  }

  @Get('flushed')
  async flushed(@Salesforce() salesforce: RequestAuth, @Res() res: PlatformResponse): Promise<void> {
    const raw = begin(res)
    raw.flushHeaders()
    await finish(salesforce, raw)
  }

  @Get('renewed-stream')
  async renewed(@Salesforce() salesforce: RequestAuth, @Res() res: PlatformResponse): Promise<void> {
    await salesforce.fetch(LIMITS)
    const raw = begin(res)
    raw.write('begin ')
    await finish(salesforce, raw)
  }

  @Get('broken-stream')
  async broken(@Res() res: PlatformResponse): Promise<never> {
    begin(res).write('begin ')
    throw new Error('the stream failed')
  }
}

function begin(res: PlatformResponse): ServerResponse {
  res.hijack?.()
  const raw = res.raw ?? res
  raw.setHeader('content-type', 'text/plain')
  return raw
}

async function finish(salesforce: RequestAuth, res: ServerResponse): Promise<void> {
  try {
    res.end(String((await salesforce.fetch(LIMITS)).status))
  } catch (error) {
    if (!isSalesforceAuthError(error)) throw error
    res.end(error.code)
  }
}
