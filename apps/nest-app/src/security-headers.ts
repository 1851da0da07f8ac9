import type { RequestHandler } from 'express'

// Nothing from elsewhere, no framing. Swagger's page has its styles, not its scripts, inside of it.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Most answers belong to one person: nothing keeps them, but where a handler says so. */
export const securityHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    // Not no-referrer: browsers would then hide the origin of the page's own forms.
    'referrer-policy': 'same-origin',
  })
  next()
}
