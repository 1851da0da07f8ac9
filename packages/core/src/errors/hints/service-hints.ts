import { ANYWHERE, TOKEN } from './hint.ts'
import type { OAuthHint } from './hint.ts'

/** Tokens, proofs and pauses: what the protocol itself answers, and how Salesforce feels. */
export const SERVICE_HINTS: readonly OAuthHint[] = [
  {
    on: ['authorization_pending'],
    answers: ['authorization_pending'],
    at: TOKEN,
    cause: 'Nobody has approved the device login yet.',
    hint: 'Poll again after the interval. pollDevice() does it.',
    retryable: true,
  },
  {
    on: ['slow_down'],
    answers: ['slow_down: polling too quickly for the token endpoint.'],
    at: TOKEN,
    cause: 'The device login is polled too often.',
    hint: 'Wait five seconds longer between polls. pollDevice() does it; two places polling one code cause it.',
    retryable: true,
  },
  {
    on: ['use_dpop_nonce'],
    answers: ['use_dpop_nonce'],
    at: TOKEN,
    cause: 'Salesforce wants its own nonce in the DPoP proof, again after the one it had just given.',
    hint: 'Call again. This kit repeats with the nonce once by itself: twice in a row means that a proxy drops the DPoP-Nonce header.',
    retryable: true,
  },
  {
    on: ['invalid_dpop_proof'],
    answers: ['invalid_dpop_proof'],
    at: TOKEN,
    cause: 'The DPoP proof is wrong: another key than the token is bound to, another address, or a clock that is off.',
    hint: 'Give every process the same key in the option dpop, check the clock of this machine, and see that no proxy changes the address.',
  },
  {
    on: ['rate_limit_exceeded'],
    answers: [
      'rate_limit_exceeded: number of logins exceeded',
      'rate_limit_exceeded: login rate exceeded',
      'rate_limit_exceeded',
    ],
    at: ANYWHERE,
    cause: 'This user logged in more than 3,600 times within an hour.',
    hint: 'Wait an hour and reuse tokens instead of logging in for every call.',
    retryable: true,
  },
  {
    on: [['invalid_token', 'unsupported_token_type']],
    answers: ['invalid_token', 'invalid_token: invalid token', 'unsupported_token_type'],
    at: ['token', 'headless', 'register'],
    cause: 'The token is not known, or is dead already.',
    hint: 'Log in again if it is still needed.',
    needsLogin: true,
  },
  {
    on: [['server_error', 'service_unavailable', 'system_down', 'unknown_error', 'app_attest_failed_retry']],
    answers: [
      'server_error',
      'service_unavailable',
      'system_down',
      'unknown_error: retry your request',
      'app_attest_failed_retry',
    ],
    at: ['token', 'authorize', 'headless', 'revoke', 'introspect', 'register'],
    cause: 'Salesforce could not answer just now.',
    hint: 'Try again shortly; status.salesforce.com shows maintenance. A Local app used from another org answers unknown_error every time.',
    retryable: true,
  },
]
