import { isSalesforceAuthError, SessionError, toId18 } from '@orgpass/core'
import type { RequestAuth, UserProfile } from '@orgpass/core'
import type { RequestHandler } from 'express'
import { listAccounts, renameAccount } from './accounts.ts'
import { isScript, sendPage } from './answers.ts'
import type { Renewals } from './renewals.ts'
import { accountResults } from './views/account-table.ts'
import type { RowNote } from './views/account-table.ts'
import { dashboard } from './views/dashboard.ts'
import { landing } from './views/landing.ts'
import type { Setup } from './views/own-org.ts'

const LONGEST_SEARCH = 80

export interface PageContext {
  readonly renewals: Renewals
  readonly setup: Setup
}

/** `GET /`: the way in or, for who is in, the accounts. `?q=` searches. */
export function home(context: PageContext): RequestHandler {
  return async (req, res) => {
    const page = await dashboardOf(req.salesforce, {
      context,
      search: searchOf(req.query['q']),
      ...(typeof req.query['saved'] === 'string' && { note: { id: req.query['saved'] } }),
    })
    if (page !== undefined) sendPage(res, 200, page)
    else sendPage(res, 200, landing({ ...context.setup, left: 'disconnected' in req.query }))
  }
}

/** `GET /accounts?q=`: the table alone, for the page's script. */
export const accountTable: RequestHandler = async (req, res) => {
  const search = searchOf(req.query['q'])
  if (isScript(req)) sendPage(res, 200, accountResults({ search, list: await listAccounts(req.salesforce, search) }))
  else res.redirect(`/?${new URLSearchParams({ q: search }).toString()}`)
}

/** A form whose session is gone gets a page; the guard behind it answers scripts. */
export const sessionForForms: RequestHandler = async (req, _res, next) => {
  if (isScript(req) || (await req.salesforce.session()) !== undefined) return next()
  throw new SessionError('session/missing', 'Nobody was logged in any more when the form arrived. Nothing was saved.', {
    hint: 'Connect again and repeat the change.',
  })
}

/** `POST /accounts/:id` with `name`: renames an account. A refusal is shown at its row. */
export function renaming(context: PageContext): RequestHandler {
  return async (req, res, next) => {
    const id = toId18(String(req.params['id']))
    if (id === undefined || !id.startsWith('001')) return next()
    const form = req.body as Record<string, unknown> | undefined
    const name = textOf(form?.['name'])
    const search = searchOf(form?.['q'])
    const refused = await renameAccount(req.salesforce, { id, name })
    if (isScript(req)) {
      if (refused === undefined) res.json({ name })
      else res.status(refused.status).json({ message: refused.refusal })
    } else if (refused === undefined) {
      res.redirect(303, `/?${new URLSearchParams({ q: search, saved: id }).toString()}#row-${id}`)
    } else {
      const note = { id, name, refusal: refused.refusal }
      const page = await dashboardOf(req.salesforce, { context, search, note })
      if (page === undefined) res.redirect(303, '/')
      else sendPage(res, refused.status, page)
    }
  }
}

interface DashboardRequest {
  readonly context: PageContext
  readonly search: string
  readonly note?: RowNote
}

async function dashboardOf(
  salesforce: RequestAuth,
  { context, search, note }: DashboardRequest,
): Promise<ReturnType<typeof dashboard> | undefined> {
  if ((await salesforce.session()) === undefined) return undefined
  const [profile, list] = await Promise.all([describeUser(salesforce), listAccounts(salesforce, search)])
  // Read last: the calls may have renewed the token.
  const session = await salesforce.session()
  if (session === undefined) return undefined
  return dashboard({
    ...context.setup,
    profile,
    session,
    renewals: context.renewals.count(session.id),
    results: { search, list, ...(note && { note }) },
  })
}

/** Some users may not use the identity service; the page does without it then. */
async function describeUser(salesforce: RequestAuth): Promise<UserProfile | undefined> {
  try {
    return await salesforce.identity()
  } catch (error) {
    if (isSalesforceAuthError(error) && error.code === 'rest/identity-refused') return undefined
    throw error
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

function searchOf(value: unknown): string {
  return textOf(value).slice(0, LONGEST_SEARCH)
}
