import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

type Next = () => void
type ParsedRequest = IncomingMessage & { body?: unknown }

/** Reads a form that Nest's own parser did not. */
export async function parseForm(req: ParsedRequest, _res: ServerResponse, next: Next): Promise<void> {
  if (!req.readableDidRead) req.body = Object.fromEntries(new URLSearchParams(await text(req)))
  next()
}

export function swallow(req: IncomingMessage, _res: ServerResponse, next: Next): void {
  req.resume().once('end', () => next())
}
