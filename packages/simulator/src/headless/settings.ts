export const headlessServices = ['passwordLogin', 'passwordlessLogin', 'registration', 'forgotPassword'] as const

export type HeadlessService = (typeof headlessServices)[number]

/** What a site offers to apps that show their own login pages. */
export interface HeadlessSettings {
  /** Default all. */
  offers: readonly HeadlessService[]
  /** Need the token of an integration user with the service's scope. Default none. */
  requireToken: readonly HeadlessService[]
  /** Need a reCAPTCHA token, whatever it says. Default none. */
  requireRecaptcha: readonly HeadlessService[]
}

export const defaultHeadless: HeadlessSettings = {
  offers: headlessServices,
  requireToken: [],
  requireRecaptcha: [],
}
