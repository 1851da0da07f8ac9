import type { EndpointContext } from './world.ts'

type Members = Readonly<Record<string, unknown>>

const noStore = { 'cache-control': 'no-cache, no-store', pragma: 'no-cache' }

/** An answer as JSON, XML or form: the `format` parameter wins over the Accept header. */
export function formatted(
  context: EndpointContext,
  members: Members,
  { status = 200, format = '' }: { status?: number; format?: string | null } = {},
): Response {
  const kind = format || acceptedFormat(context.req.header('accept') ?? '')
  if (kind === 'urlencoded') {
    const form = new URLSearchParams(Object.entries(members).map(([name, value]) => [name, String(value)]))
    return answer(form.toString(), { status, type: 'application/x-www-form-urlencoded;charset=UTF-8' })
  }
  if (kind === 'xml') return answer(toXml(members), { status, type: 'application/xml;charset=UTF-8' })
  return json(context, members, status)
}

export function json(context: EndpointContext, value: unknown, status = 200): Response {
  const indent = context.req.header('x-prettyprint') === '1' ? 2 : undefined
  return answer(JSON.stringify(value, null, indent), { status, type: 'application/json;charset=UTF-8' })
}

function answer(body: string, { status, type }: { status: number; type: string }): Response {
  return new Response(body, { status, headers: { 'content-type': type, ...noStore } })
}

function acceptedFormat(accept: string): string {
  const first = accept.split(/[,;]/)[0]?.trim()
  if (first === 'application/xml') return 'xml'
  return first === 'application/x-www-form-urlencoded' ? 'urlencoded' : 'json'
}

function toXml(members: Members): string {
  const escape = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  const elements = Object.entries(members).map(([name, value]) => `<${name}>${escape(String(value))}</${name}>`)
  return `<?xml version="1.0" encoding="UTF-8"?><OAuth>${elements.join('')}</OAuth>`
}
