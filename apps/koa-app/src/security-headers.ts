import type { Middleware } from 'koa'

// No inline script or style, nothing from elsewhere, no framing.
const POLICY = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", 'img-src data:']
  .concat("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'")
  .join('; ')

/** Pages show what belongs to one person: nothing may keep or frame them. */
export const securityHeaders: Middleware<object> = async (ctx, next) => {
  ctx.set({
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    // Not no-referrer: browsers would then hide the origin of the page's own forms.
    'referrer-policy': 'same-origin',
  })
  await next()
}
