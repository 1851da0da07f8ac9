import { HttpException, HttpStatus } from '@nestjs/common'
import type { ArgumentsHost } from '@nestjs/common'
import type { HttpAdapterHost } from '@nestjs/core'
import type { Reply } from '@orgpass/core'

/** The exception that Nest answers best in a context. */
export async function exceptionOf(host: ArgumentsHost, body: object, status: number): Promise<Error> {
  switch (host.getType<string>()) {
    case 'ws':
      return new (await import('@nestjs/websockets')).WsException(body)
    case 'rpc':
      return new (await import('@nestjs/microservices')).RpcException(body)
    default:
      return new HttpException(body, status)
  }
}

/**
 * What to throw to answer a guard's reply. Over HTTP its headers are set at once: whatever a filter makes of the
 * exception, a redirect stays one, and so does a challenge.
 */
export async function refusal(reply: Reply, host: ArgumentsHost, { httpAdapter }: HttpAdapterHost): Promise<Error> {
  if (host.getType() !== 'http') {
    // Nobody can be redirected from here.
    return exceptionOf(host, bodyOf(reply), reply.location === undefined ? reply.status : HttpStatus.UNAUTHORIZED)
  }
  const headers = { ...reply.headers, ...(reply.location !== undefined && { location: reply.location }) }
  for (const [name, value] of Object.entries(headers)) {
    // Nest writes the body, and knows its type.
    if (name !== 'content-type') httpAdapter.setHeader(host.switchToHttp().getResponse(), name, value)
  }
  return new HttpException(bodyOf(reply), reply.status)
}

function bodyOf({ status, body = '' }: Reply): object {
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed === 'object' && parsed !== null) return parsed
  } catch {
    // A guard of the app's own may answer plain text.
  }
  return { statusCode: status, message: body }
}
