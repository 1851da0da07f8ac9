import type { Reply } from '../http/exchange.ts'

const POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** A page that goes on by itself, where a redirect would not do. `address` comes printed by `URL` or `URLSearchParams`. */
export function onwardPage(address: string, says: string): Reply {
  // Printed so, nothing in it but & needs escaping.
  const escaped = address.replaceAll('&', '&amp;')
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY },
    body: `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${escaped}">
<title>${says}</title><p>${says} <a href="${escaped}">Continue</a></p></html>`,
  }
}
