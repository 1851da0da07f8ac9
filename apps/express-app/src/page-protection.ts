import type { RequestHandler } from 'express'
import { isLocalAddress } from '@orgpass/sample-host'

// No inline script or style, nothing from elsewhere, no framing.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const securityHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    // Not no-referrer: browsers would then hide the origin of the page's own forms.
    'referrer-policy': 'same-origin',
  })
  next()
}

/**
 * A local app has one name: cookies of 127.0.0.1 would be missing when Salesforce answers to localhost. A Host with
 * another port comes from a proxy in between, and is left alone.
 */
export function canonicalHost(baseUrl: string): RequestHandler {
  const { hostname, port, origin } = new URL(baseUrl)
  if (!isLocalAddress(baseUrl)) return (_req, _res, next) => next()
  return (req, res, next) => {
    const host = `http://${req.headers.host}`
    const asked = URL.canParse(host) ? new URL(host) : undefined
    const isOtherName = asked !== undefined && asked.port === port && asked.hostname !== hostname
    if (isOtherName && req.method === 'GET') res.redirect(origin + req.originalUrl)
    else next()
  }
}
