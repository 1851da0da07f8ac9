import type { Request, Response } from 'express'
import type { Html } from '@orgpass/sample-host'

/** Whether the page's own script asks; everything else is a person opening a page or sending a form. */
export function isScript(req: Request): boolean {
  return req.get('x-requested-with') === 'fetch'
}

/** Pages show what belongs to one person: nothing may keep them, the browser's history included. */
export function sendPage(res: Response, status: number, page: Html): void {
  res.status(status).set('cache-control', 'no-store').type('html').send(page.text)
}
