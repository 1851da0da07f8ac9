interface Isolates {
  readonly EAST: { fetch(request: Request): Promise<Response> }
  readonly WEST: { fetch(request: Request): Promise<Response> }
}

let turn = 0

/** Sends every other request to the other isolate, and says to which: what a network does by where the visitor is. */
export default {
  fetch(request: Request, { EAST, WEST }: Isolates): Promise<Response> {
    const [place, isolate] = turn++ % 2 === 0 ? (['east', EAST] as const) : (['west', WEST] as const)
    const onward = new Request(request)
    onward.headers.set('x-place', place)
    return isolate.fetch(onward)
  },
}
