import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

type Next = () => void
type ParsedRequest = IncomingMessage & { body?: unknown }

/** Reads forms before any middleware of Nest's, as the parsers that people mount by hand do. */
export async function parseForm(req: ParsedRequest, _res: ServerResponse, next: Next): Promise<void> {
  const isForm = req.headers['content-type'] === 'application/x-www-form-urlencoded'
  if (isForm && !req.readableDidRead) req.body = Object.fromEntries(new URLSearchParams(await text(req)))
  next()
}

export function swallow(req: IncomingMessage, _res: ServerResponse, next: Next): void {
  req.resume().once('end', () => next())
}
