import type { EndpointContext } from '../world.ts'

type Members = Readonly<Record<string, unknown>>

interface FormatOptions {
  /** Default 200. */
  status?: number
  /** The request's `format` parameter, which wins over its Accept header. */
  format?: string | null
  /** Name of the XML document's root. Default 'OAuth'. */
  root?: string
}

const noStore = { 'cache-control': 'no-cache, no-store', pragma: 'no-cache' }

/** An answer as JSON, XML or form, as the caller wishes. */
export function formatted(context: EndpointContext, members: Members, options: FormatOptions = {}): Response {
  const { status = 200, format, root = 'OAuth' } = options
  const kind = format || acceptedFormat(context.req.header('accept') ?? '')
  if (kind === 'urlencoded') {
    const form = new URLSearchParams(flatten(members))
    return answer(form.toString(), { status, type: 'application/x-www-form-urlencoded' })
  }
  if (kind === 'xml') {
    const xml = `<?xml version="1.0" encoding="UTF-8"?><${root}>${toXml(members)}</${root}>`
    return answer(xml, { status, type: 'application/xml' })
  }
  return json(context, members, status)
}

export function json(context: EndpointContext, value: unknown, status = 200): Response {
  const indent = context.req.header('x-prettyprint') === '1' ? 2 : undefined
  return answer(JSON.stringify(value, null, indent), { status, type: 'application/json' })
}

/** A script that hands the value to a function of the caller's; undefined when that is no function name. */
export function jsonp(callback: string, value: unknown): Response | undefined {
  if (!/^[\w$.]{1,100}$/.test(callback)) return undefined
  const headers = { 'content-type': 'text/javascript;charset=UTF-8', 'x-content-type-options': 'nosniff' }
  return new Response(`${callback}(${JSON.stringify(value)})`, { headers })
}

function answer(body: string, { status, type }: { status: number; type: string }): Response {
  return new Response(body, { status, headers: { 'content-type': `${type};charset=UTF-8`, ...noStore } })
}

function acceptedFormat(accept: string): string {
  const first = accept.split(/[,;]/)[0]?.trim()
  if (first === 'application/xml') return 'xml'
  return first === 'application/x-www-form-urlencoded' ? 'urlencoded' : 'json'
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isNested(value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}

function flatten(members: Members, prefix = ''): [string, string][] {
  return Object.entries(members).flatMap(([name, value]): [string, string][] =>
    isNested(value) ? flatten(value, `${prefix}${name}.`) : [[prefix + name, asText(value)]],
  )
}

function toXml(members: Members): string {
  const element = ([name, value]: [string, unknown]): string =>
    `<${name}>${isNested(value) ? toXml(value) : escapeXml(asText(value))}</${name}>`
  return Object.entries(members).map(element).join('')
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
