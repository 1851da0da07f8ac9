import type { OAuthHint } from './hint.ts'

const SITE_PAGE = 'the Login & Registration page of the site (Setup › Digital Experiences › All Sites › Workspaces)'

/** What people typed into your own login page, and what apps register. */
export const PERSON_HINTS: readonly OAuthHint[] = [
  {
    on: ['login_error'],
    answers: ['login_error'],
    at: ['headless'],
    cause: 'The site does not let this user in: a wrong user name or password, or no member of the site.',
    hint: 'Let the person try again, and say the same whatever is wrong. Setup › Login History names the reason.',
    needsLogin: true,
  },
  {
    on: [['invalid_otp', 'otp_error']],
    answers: ['invalid_otp', 'otp_error'],
    at: ['headless'],
    cause: 'The one-time code is wrong, too old, or was used.',
    hint: 'Let the person type it again; after a few times send a new one.',
    needsLogin: true,
  },
  {
    on: ['exceeded_registration_limit'],
    answers: ['exceeded_registration_limit'],
    at: ['headless', 'register'],
    cause: 'No more can be registered: an org takes 100 dynamically registered apps.',
    hint: 'Remove those that are not used any more: Setup › Connected Apps OAuth Usage.',
  },
  {
    on: [['failed_registration', 'registration_error']],
    answers: ['failed_registration', 'registration_error', 'registration_error: the username is taken'],
    at: ['headless', 'register'],
    cause: 'What was to be registered is incomplete or taken, or the registration handler refused it.',
    hint: `Check the user name and the required fields, and the registration handler at ${SITE_PAGE}.`,
  },
]
