import type { AppCertificate } from '../apps/certificate.ts'

/** A row of Setup's "Single Sign-On Settings". */
export interface IdentityProvider {
  issuer: string
  certificate: AppCertificate
  /** What the provider must name as audience: the entity id of the org's setting. Default: the My Domain. */
  entityId?: string
  /** What a NameID is compared with. Default 'username'. */
  userField?: 'username' | 'email'
}
