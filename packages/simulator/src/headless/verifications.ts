import { randomInt } from 'node:crypto'
import { OAuthError } from '../http/oauth-error.ts'
import { newSecretId } from '../ids.ts'
import type { SeedUser } from '../seed/seed.ts'
import type { World } from '../world.ts'

/** A one-time code that was sent to somebody. */
export interface Verification {
  readonly identifier: string
  readonly purpose: 'login' | 'registration' | 'password'
  readonly username: string
  readonly method: 'email' | 'sms'
  readonly sitePath: string
  readonly otp: string
  readonly expiresAt: number
  /** Who is to be made of it. */
  readonly newUser?: SeedUser
  attemptsLeft: number
}

const lifetime = 10 * 60_000
const attempts = 5

/** "Sends" a code; `lastOtp` reads it. */
export function startVerification(
  world: World,
  given: Pick<Verification, 'purpose' | 'username' | 'method' | 'sitePath' | 'newUser'>,
): Verification {
  const verification: Verification = {
    ...given,
    identifier: newSecretId(),
    otp: String(randomInt(1_000_000)).padStart(6, '0'),
    expiresAt: world.clock.now() + lifetime,
    attemptsLeft: attempts,
  }
  world.state.verifications.push(verification)
  return verification
}

export function lastOtp(world: World, username: string): string | undefined {
  return world.state.verifications.findLast((one) => one.username === username)?.otp
}

/**
 * Spends a code. Wrong ones may be corrected a few times; ended, spent and unknown ones may not.
 * @throws {OAuthError} invalid_otp or otp_error
 */
export function spendOtp(world: World, otp: string, matches: (verification: Verification) => boolean): Verification {
  const verification = world.state.verifications.findLast(matches)
  if (!verification || verification.attemptsLeft === 0 || verification.expiresAt <= world.clock.now()) {
    throw new OAuthError('otp_error', 'the verification ended or was never started')
  }
  verification.attemptsLeft -= 1
  if (otp !== verification.otp) throw new OAuthError('invalid_otp', 'the one-time password is wrong')
  verification.attemptsLeft = 0
  return verification
}
