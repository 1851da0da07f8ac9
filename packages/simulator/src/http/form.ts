import type { EndpointContext } from '../world.ts'

/** Parameters of the body (urlencoded or multipart) before those of the query, as Salesforce takes both. */
export async function readForm(context: EndpointContext): Promise<URLSearchParams> {
  const all = new URLSearchParams()
  if (context.req.method === 'POST') {
    for (const [name, value] of await bodyEntries(context)) if (typeof value === 'string') all.append(name, value)
  }
  for (const [name, value] of new URL(context.req.url).searchParams) all.append(name, value)
  return all
}

async function bodyEntries(context: EndpointContext): Promise<Iterable<[string, unknown]>> {
  const type = context.req.header('content-type') ?? ''
  if (type.startsWith('multipart/form-data')) {
    try {
      return (await context.req.raw.formData()).entries()
    } catch {
      return []
    }
  }
  return new URLSearchParams(await context.req.text())
}
