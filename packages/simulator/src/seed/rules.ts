import { z } from 'zod'
import { type AppCertificate, isAppCertificate } from '../apps/certificate.ts'
import { isAddressRange } from '../apps/address-ranges.ts'
import { isRecordId } from '../ids.ts'

/** A value that must pass a test, with what is wrong and what to write instead. */
function text(test: (value: string) => boolean, fault: { problem: string; hint: string }): z.ZodType<string> {
  return z.string().refine(test, { message: fault.problem, params: { hint: fault.hint } })
}

export function recordId(prefix: string): z.ZodType<string> {
  return text((id) => isRecordId(id, prefix), {
    problem: 'is no record id',
    hint: `Write 15 or 18 letters and digits beginning ${prefix}, with a right checksum if 18, or leave it out.`,
  })
}

export const filled: z.ZodType<string> = text((value) => value.trim() !== '', {
  problem: 'is empty',
  hint: 'Write a name people will recognise.',
})

export const myDomain: z.ZodType<string> = text((value) => /^[a-z0-9]+(?:--?[a-z0-9]+)*$/.test(value), {
  problem: 'is no My Domain name',
  hint: 'Use lower-case letters, digits and single hyphens; a sandbox is `domain--sandbox`.',
})

const reservedPaths = ['services', 'id', 'login', 'approve', 'secur', 'setup', '__simulator', '.well-known']

export const sitePath: z.ZodType<string> = text(
  (value) => /^[A-Za-z0-9][\w.-]*$/.test(value) && !reservedPaths.includes(value),
  {
    problem: 'cannot be the path of a site',
    hint: `Write one path segment without slashes, for example "customers"; taken are ${reservedPaths.join(', ')}.`,
  },
)

export const username: z.ZodType<string> = text((value) => /^[^\s@|]+@[^\s@|]+$/.test(value), {
  problem: 'is no username',
  hint: 'Usernames look like e-mail addresses: ada@acme.example.',
})

export const email: z.ZodType<string> = text((value) => /^[^\s@]+@[^\s@]+$/.test(value), {
  problem: 'is no e-mail address',
  hint: 'Write name@domain, or leave it out to take the username.',
})

export const timezone: z.ZodType<string> = text(isTimezone, {
  problem: 'is no time zone',
  hint: 'Use an IANA name such as Europe/Berlin.',
})

function isTimezone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const clientId: z.ZodType<string> = text((value) => /^[\w.-]{10,255}$/.test(value), {
  problem: 'is no consumer key',
  hint: 'Use at least 10 letters, digits, dots and underscores (real ones begin 3MVG9), or leave it out.',
})

export const clientSecret: z.ZodType<string> = text((value) => /^[\x21-\x7e]{8,}$/.test(value), {
  problem: 'is no consumer secret',
  hint: 'Use at least 8 printable ASCII characters without spaces, or leave it out.',
})

export const certificate: z.ZodType<AppCertificate> = z.custom<AppCertificate>(isAppCertificate, {
  message: 'is neither a PEM of an RSA certificate or public key nor a public JWK',
  params: {
    hint: 'Paste the PEM from -----BEGIN CERTIFICATE----- to its end, line breaks as \\n, or a public JWK as an object.',
  },
})

export const callbackUrl: z.ZodType<string> = text(isCallback, {
  problem: 'is no callback URL',
  hint: 'Use https, http://localhost with a port, or a custom scheme, without a fragment: http://localhost:3000/auth/callback.',
})

function isCallback(value: string): boolean {
  if (!URL.canParse(value) || value.includes('#')) return false
  const { protocol, hostname } = new URL(value)
  if (['javascript:', 'data:', 'file:', 'blob:'].includes(protocol)) return false
  return (
    protocol !== 'http:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname) || hostname.endsWith('.localhost')
  )
}

export const webUrl: z.ZodType<string> = text((value) => /^https?:/.test(value) && URL.canParse(value), {
  problem: 'is no web address',
  hint: 'Write a whole address: https://app.example/logged-out.',
})

export const scope: z.ZodType<string> = text((value) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value), {
  problem: 'is no scope',
  hint: 'One scope per entry: "openid", "api", "refresh_token".',
})

export const addressRange: z.ZodType<string> = text(isAddressRange, {
  problem: 'is no IP address or range',
  hint: 'Write 10.0.0.1, 10.0.0.0/8 or 10.0.0.1-10.0.0.9.',
})

export const atLeastOne: z.ZodType<number> = z.number().refine((count) => Number.isInteger(count) && count >= 1, {
  message: 'must be a whole number from 1',
  params: { hint: 'Write it without quotes: 3600.' },
})

/** A duration that goes over the wire in seconds. */
export function wholeSeconds(from: number, to: number): z.ZodType<number> {
  return z.number().refine((ms) => ms % 1000 === 0 && ms >= from && ms <= to, {
    message: `must be whole seconds between ${from} and ${to}`,
    params: { hint: 'Durations are milliseconds, and this one has to be whole seconds: 5000.' },
  })
}

/** A whole number of milliseconds within limits. */
export function duration(from: number, to: number): z.ZodType<number> {
  return z.number().refine((ms) => Number.isInteger(ms) && ms >= from && ms <= to, {
    message: `must be between ${from} and ${to}`,
    params: { hint: 'Durations are whole milliseconds: one minute is 60000, one hour 3600000.' },
  })
}
