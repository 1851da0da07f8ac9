import { HttpException, StreamableFile } from '@nestjs/common'
import type { ArgumentsHost } from '@nestjs/common'
import type { HttpAdapterHost } from '@nestjs/core'
import type { Reply } from '@orgpass/core'

/**
 * What to throw to answer a guard's reply. Over HTTP its headers are set at once: whatever a filter makes of the
 * exception, a redirect stays one, and so does a challenge.
 */
export async function refusal(reply: Reply, host: ArgumentsHost, { httpAdapter }: HttpAdapterHost): Promise<Error> {
  const { status, location, body = '' } = reply
  const said = jsonOf(body) ?? body
  switch (host.getType<string>()) {
    case 'ws':
      return new (await import('@nestjs/websockets')).WsException(said)
    case 'rpc':
      return new (await import('@nestjs/microservices')).RpcException(said)
    case 'graphql':
      // Nobody can be redirected from here.
      return new HttpException(said, location === undefined ? status : 401)
  }
  const headers = { ...reply.headers, ...(location !== undefined && { location }) }
  for (const [name, value] of Object.entries(headers)) {
    httpAdapter.setHeader(host.switchToHttp().getResponse(), name, value)
  }
  // Of other text Nest would make JSON.
  return new HttpException(jsonOf(body) ?? new StreamableFile(new TextEncoder().encode(body)), status)
}

function jsonOf(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
