import { requiresSameOrigin } from '@orgpass/express'
import type { Demo } from '@orgpass/sample-host'
import express, { Router } from 'express'
import type { People } from './people.ts'
import type { SignIn } from './sign-in.ts'
import { signInPage } from './views/sign-in-page.ts'

interface SignInContext {
  readonly signIn: SignIn
  readonly people: People
  readonly demo?: Demo
}

/** Signing in to the app itself; the first page leads on to the connections. */
export function signInRoutes({ signIn, people, demo }: SignInContext): Router {
  const router = Router()
  const form = express.urlencoded({ extended: false, limit: '8kb' })
  router.get('/', (req, res) => {
    if (signIn.personOf(req) === undefined) res.send(signInPage({ demo }).text)
    else res.redirect(303, '/connections')
  })
  router.post('/sign-in', requiresSameOrigin(), form, async (req, res) => {
    const { name, password } = (req.body ?? {}) as { name?: unknown; password?: unknown }
    const person = await people.check(String(name), String(password))
    if (person === undefined) return void res.status(403).send(signInPage({ demo, failed: true }).text)
    signIn.begin(res, person)
    res.redirect(303, '/connections')
  })
  router.post('/sign-out', requiresSameOrigin(), (req, res) => {
    signIn.end(req, res)
    res.redirect(303, '/')
  })
  return router
}
