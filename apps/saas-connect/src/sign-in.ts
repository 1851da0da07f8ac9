import { randomBytes } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import type { Person } from './people.ts'

/** Milliseconds. */
const LIFE = 8 * 3_600_000
const MOST = 10_000

/** The app's own sessions, which have nothing to do with Salesforce. */
export interface SignIn {
  /** Finds out who is signed in. Mount it before everything that asks. */
  readonly middleware: RequestHandler
  personOf(req: Request): Person | undefined
  begin(res: Response, person: Person): void
  end(req: Request, res: Response): void
}

export function createSignIn({ secure }: { readonly secure: boolean }): SignIn {
  const sessions = new Map<string, { readonly person: Person; readonly until: number }>()
  const people = new WeakMap<Request, Person>()
  // Strict on purpose: the browser keeps it back when Salesforce sends somebody here, and the kit knows what to do.
  const attributes = { httpOnly: true, sameSite: 'strict', secure, path: '/' } as const
  // With the prefix no subdomain can plant another one, whose connections would then be somebody else's.
  const name = secure ? '__Host-saas.session' : 'saas.session'
  const tokenOf = (req: Request): string => {
    const pair = (req.headers.cookie ?? '').split('; ').find((each) => each.startsWith(`${name}=`))
    return pair?.slice(name.length + 1) ?? ''
  }
  return {
    middleware(req, _res, next) {
      const session = sessions.get(tokenOf(req))
      if (session !== undefined && session.until > Date.now()) people.set(req, session.person)
      next()
    },
    personOf: (req) => people.get(req),
    begin(res, person) {
      const token = randomBytes(32).toString('base64url')
      sessions.set(token, { person, until: Date.now() + LIFE })
      for (const oldest of sessions.keys()) if (sessions.size > MOST) sessions.delete(oldest)
      res.cookie(name, token, { ...attributes, maxAge: LIFE })
    },
    end(req, res) {
      sessions.delete(tokenOf(req))
      res.clearCookie(name, attributes)
    },
  }
}
