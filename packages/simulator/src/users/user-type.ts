/** As queries spell them. */
export const userTypes = [
  'Standard',
  'PowerPartner',
  'PowerCustomerSuccess',
  'CustomerSuccess',
  'CspLitePortal',
  'CsnOnly',
  'Guest',
] as const

export type UserType = (typeof userTypes)[number]

/** Userinfo and the identity answer say CSP_LITE_PORTAL where queries say CspLitePortal. */
export function identitySpelling(userType: UserType): string {
  return userType.replaceAll(/(?!^)[A-Z]/g, '_$&').toUpperCase()
}
