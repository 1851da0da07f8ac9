/** Where a browser goes on from a response: a redirect, or a page that goes on by itself. */
export async function leadsTo(response: Response): Promise<string> {
  const location = response.headers.get('location')
  if (location !== null) return location
  const text = await response.text()
  const address = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(text)?.[1]
  if (address === undefined) throw new Error(`This leads nowhere: ${response.status} ${text}`)
  return address.replaceAll('&amp;', '&')
}
