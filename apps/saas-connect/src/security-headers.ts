import type { RequestHandler } from 'express'

/** Browsers check where the redirect behind the connect form leads: to the login hosts of Salesforce. */
const LOGIN_HOSTS = ['https://*.salesforce.com', 'https://*.my.site.com']

export function securityHeaders(loginHosts: readonly string[] = LOGIN_HOSTS): RequestHandler {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    `form-action 'self' ${loginHosts.join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return (_req, res, next) => {
    res.set({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'same-origin',
    })
    next()
  }
}
