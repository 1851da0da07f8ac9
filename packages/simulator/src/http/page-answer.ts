import { errorPage, type ErrorPageOptions, pageSecurityPolicy } from '../pages/index.ts'
import type { EndpointContext } from '../world.ts'
import type { OAuthError } from './oauth-error.ts'

/** A page for people, never cached and never framed. */
export function showPage(context: EndpointContext, html: string, status: 200 | 400 | 403 | 404 = 200): Response {
  context.header('content-security-policy', pageSecurityPolicy)
  context.header('cache-control', 'no-store')
  context.header('referrer-policy', 'no-referrer')
  context.header('x-content-type-options', 'nosniff')
  return context.html(html, status)
}

export function showError(context: EndpointContext, options: ErrorPageOptions & { status: 400 | 403 | 404 }): Response {
  return showPage(context, errorPage(options), options.status)
}

export function showStaleForm(context: EndpointContext): Response {
  return showError(context, {
    status: 403,
    title: 'This form is out of date',
    message: 'It was not shown in this browser, or cookies are blocked. Go back to the app and start again.',
  })
}

/** Salesforce's bare text for faults of the client id or the callback. */
export function showRawError(context: EndpointContext, error: OAuthError): Response {
  context.env.note.error = error.code
  const text = error.toForm().toString().replaceAll('+', '%20')
  return new Response(text, { status: 400, headers: { 'content-type': 'text/plain;charset=UTF-8' } })
}
