import { sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** A self-signed certificate without any names: the least that X.509 allows. PEM. */
export function certificateOf({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): string {
  const sha256WithRsa = sequence(Buffer.from('06092a864886f70d01010b0500', 'hex'))
  const [from, to] = ['260101000000Z', '460101000000Z'].map((time) => tagged(0x17, Buffer.from(time)))
  const names = sequence()
  const key = publicKey.export({ type: 'spki', format: 'der' })
  const content = sequence(tagged(2, Buffer.of(1)), sha256WithRsa, names, sequence(from, to), names, key)
  const signature = tagged(3, Buffer.concat([Buffer.of(0), sign('sha256', content, privateKey)]))
  const lines =
    sequence(content, sha256WithRsa, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function sequence(...parts: readonly (Buffer | undefined)[]): Buffer {
  return tagged(0x30, Buffer.concat(parts.filter((part) => part !== undefined)))
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [129, length] : [130, length >> 8, length & 255]
  return Buffer.concat([Buffer.of(tag, ...size), content])
}
