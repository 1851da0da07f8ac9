import { fileURLToPath } from 'node:url'
import { Metadata, credentials, loadPackageDefinition } from '@grpc/grpc-js'
import type { Client } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js'
import { ClientProxyFactory, KafkaContext, NatsContext, RmqContext, Transport } from '@nestjs/microservices'
import type { ClientProxy, MicroserviceOptions } from '@nestjs/microservices'
import { WsAdapter } from '@nestjs/platform-ws'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { freePort } from '@orgpass/testing'
import { firstValueFrom } from 'rxjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorizationOf } from '../src/call-metadata.ts'
import { bearer } from './contexts/bearer.ts'
import { everything } from './contexts/everything.ts'
import { nest } from './nest-version.ts'
import { cookieHeader, stage } from './stage.ts'
import type { Stage } from './stage.ts'

const proto = fileURLToPath(new URL('contexts/who.proto', import.meta.url))

let sim: Simulator
let scene: Stage
let tcp: ClientProxy & { setOnDispatchHook?: (hook: (packet: { metadata?: Record<string, string> }) => void) => void }
let grpc: Client & Record<'Ask' | 'Open', (question: object, metadata: Metadata, done: Done) => void>

type Done = (error: Error | null, answer?: { id: string }) => void

beforeAll(async () => {
  sim = await startSimulator()
  const [tcpPort, grpcPort] = [await freePort(), await freePort()]
  const services: MicroserviceOptions[] = [
    { transport: Transport.TCP, options: { host: '127.0.0.1', port: tcpPort } },
    { transport: Transport.GRPC, options: { package: 'who', protoPath: proto, url: `127.0.0.1:${grpcPort}` } },
  ]
  scene = await stage(sim, everything, {
    async prepare(app) {
      app.useWebSocketAdapter(new WsAdapter(app))
      for (const service of services) app.connectMicroservice(service, { inheritAppConfig: true })
      await app.startAllMicroservices()
    },
  })
  tcp = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port: tcpPort } })
  const { Who } = loadPackageDefinition(loadSync(proto))['who'] as unknown as {
    Who: new (url: string, how: object) => typeof grpc
  }
  grpc = new Who(`127.0.0.1:${grpcPort}`, credentials.createInsecure())
})
afterAll(async () => {
  await tcp.close()
  grpc.close()
  await scene[Symbol.asyncDispose]()
  await sim.close()
})

async function call(method: 'Ask' | 'Open', headers: Record<string, string> = {}): Promise<string> {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  return new Promise((resolve, reject) => {
    grpc[method]({}, metadata, (error, answer) => (error === null ? resolve(answer?.id ?? '') : reject(error)))
  })
}

async function send(pattern: string, data: object = {}, metadata: Record<string, string> = {}): Promise<unknown> {
  tcp.setOnDispatchHook?.((packet) => void (packet.metadata = metadata))
  return firstValueFrom(tcp.send(pattern, data)).catch((error: unknown) => error)
}

describe(`${nest}: calls between services`, () => {
  it('over gRPC a bearer token in the metadata says who calls', async () => {
    expect(await call('Ask', { authorization: await bearer(sim) })).toBe(await callerOf(sim))
    expect(await call('Open')).toBe('nobody')
    await expect(call('Ask')).rejects.toThrow(/UNKNOWN/)
    await expect(call('Ask', { authorization: 'Bearer a.b.c' })).rejects.toThrow(/UNKNOWN/)
  })

  it('a cookie says nothing', async () => {
    const cookie = cookieHeader(await scene.login())
    await expect(call('Ask', { cookie })).rejects.toThrow(/UNKNOWN/)
    expect(await call('Open', { cookie })).toBe('nobody')
    expect(await send('who', { cookie, headers: { cookie } }, { cookie })).toMatchObject({
      error: 'request/bearer-missing',
    })
  })

  it('what the message itself says does not count', async () => {
    const authorization = await bearer(sim)
    expect(await send('who', { authorization, metadata: { authorization } })).toMatchObject({
      error: 'request/bearer-missing',
    })
    expect(await send('open', { authorization })).toBe('nobody')
  })

  it.skipIf(nest === 'Nest 11')('over TCP a bearer token in the metadata says who calls', async () => {
    const metadata = { authorization: await bearer(sim) }
    expect(await send('who', {}, metadata)).toBe(await callerOf(sim))
    expect(await send('chat', {}, metadata)).toMatchObject({ error: 'request/forbidden', requirement: 'scope' })
    expect(await send('limits', {}, metadata)).toMatchObject({ error: 'session/missing' })
    const several = { authorization: [metadata.authorization, 'Bearer a.b.c'] as never }
    expect(await send('who', {}, several)).toMatchObject({ error: 'request/bearer-malformed' })
  })
})

/** Whom the tokens of {@link bearer} stand for. */
async function callerOf({ ...sim }: Simulator): Promise<string> {
  const [, claims = ''] = (await bearer(sim)).split('.')
  const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string }
  return sub.slice(sub.lastIndexOf('/') + 1).replace('uid:', '')
}

describe('the metadata of a message', () => {
  const header = 'Bearer x'
  const contexts: Record<string, unknown> = {
    NATS: new NatsContext(['subject', { get: (name: string) => (name === 'authorization' ? header : '') }] as never),
    RabbitMQ: new RmqContext([{ properties: { headers: { authorization: header } } }, {}, ''] as never),
    Kafka: new KafkaContext([{ headers: { authorization: Buffer.from(header) } }] as never),
  }
  it.each(Object.keys(contexts))('is found where %s keeps it', (transport) => {
    const context = new ExecutionContextHost([{ authorization: 'Bearer of the message' }, contexts[transport]])
    context.setType('rpc')
    expect(authorizationOf(context)).toBe(header)
  })

  const several = [header, Buffer.from('Bearer y')]
  const many: Record<string, unknown> = {
    NATS: new NatsContext(['subject', { get: () => header, values: () => several }] as never),
    RabbitMQ: new RmqContext([{ properties: { headers: { authorization: several } } }, {}, ''] as never),
    Kafka: new KafkaContext([{ headers: { authorization: several } }] as never),
  }
  const grpcMetadata = new Metadata()
  for (const value of ['Bearer x', 'Bearer y']) grpcMetadata.add('authorization', value)
  many['gRPC'] = grpcMetadata
  it.each(Object.keys(many))('is no token when there are several of them in %s', (transport) => {
    const context = new ExecutionContextHost([{}, many[transport]])
    context.setType('rpc')
    expect(authorizationOf(context)).toBe('Bearer x, Bearer y')
  })

  it.each([undefined, null, 'text', {}, { getHeaders: () => undefined }, { getMessage: () => ({}) }])(
    'is absent from %o',
    (call) => {
      const context = new ExecutionContextHost([{ authorization: header }, call])
      context.setType('rpc')
      expect(authorizationOf(context)).toBeUndefined()
    },
  )
})
