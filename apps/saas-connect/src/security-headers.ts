import type { RequestHandler } from 'express'

/** Browsers check every redirect behind a form: the connect form's lead to these, and to an org's own identity provider. */
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
