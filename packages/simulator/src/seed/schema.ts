import { z } from 'zod'
import type { FlowName } from '../apps/policies.ts'
import { headlessServices, type HeadlessSettings } from '../headless/settings.ts'
import type { IdentityProvider } from '../saml/identity-provider.ts'
import type { OrgFields, UserFields } from '../state.ts'
import { subjectTokenKinds, type TokenExchangeHandler } from '../tokens/token-exchange-handler.ts'
import { userTypes } from '../users/user-type.ts'
import * as rule from './rules.ts'
import type { AppChanges, Seed, SeedApp, SeedOrg, SeedSite, SeedUser } from './seed.ts'

const minute = 60_000
const day = 24 * 60 * minute
const century = 36_500 * day
const flag = z.boolean()

const services = z.array(z.enum(headlessServices)).exactOptional()

const headless = {
  offers: services,
  requireToken: services,
  requireRecaptcha: services,
} satisfies Record<keyof HeadlessSettings, z.ZodType>

const site = {
  name: rule.filled,
  path: rule.sitePath,
  headless: z.strictObject(headless).exactOptional(),
} satisfies Record<keyof SeedSite, z.ZodType>

const userFields = {
  password: z.string().min(1).exactOptional(),
  firstName: z.string().exactOptional(),
  lastName: rule.filled.exactOptional(),
  email: rule.email.exactOptional(),
  profile: rule.filled.exactOptional(),
  permissionSets: z.array(rule.filled).exactOptional(),
  permissionSetGroups: z.array(rule.filled).exactOptional(),
  customPermissions: z.array(rule.filled).exactOptional(),
  userType: z.enum(userTypes).exactOptional(),
  canViewSetup: flag.exactOptional(),
  admin: flag.exactOptional(),
  active: flag.exactOptional(),
  canEditRecords: flag.exactOptional(),
  canApproveUninstalledApps: flag.exactOptional(),
  securityToken: z.string().exactOptional(),
} satisfies Record<keyof UserFields, z.ZodType>

const user = {
  username: rule.username,
  id: rule.recordId('005').exactOptional(),
  ...userFields,
  site: z.string().exactOptional(),
  language: z.string().exactOptional(),
  locale: z.string().exactOptional(),
  timezone: rule.timezone.exactOptional(),
} satisfies Record<keyof SeedUser, z.ZodType>

const record = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

const identityProvider = {
  issuer: rule.filled,
  certificate: rule.certificate,
  entityId: rule.filled.exactOptional(),
  userField: z.enum(['username', 'email']).exactOptional(),
} satisfies Record<keyof IdentityProvider, z.ZodType>

const orgFields = {
  status: z.enum(['active', 'locked']).exactOptional(),
  pkceRequired: flag.exactOptional(),
  sessionTimeout: rule.duration(15 * minute, day).exactOptional(),
  apiEnabled: flag.exactOptional(),
  issuerOnLoginHost: z.enum(['myDomain', 'loginHost']).exactOptional(),
  trustedIpRanges: z.array(rule.addressRange).exactOptional(),
  loginsPerHour: rule.atLeastOne.exactOptional(),
  usernamePasswordFlowBlocked: flag.exactOptional(),
  userAgentFlowBlocked: flag.exactOptional(),
  userAgentErrors: z.enum(['fragment', 'query']).exactOptional(),
  jwtAudience: z.enum(['anyOwnHost', 'noMyDomain']).exactOptional(),
  jwtMaxLifetime: rule.duration(minute, day).nullable().exactOptional(),
  samlAudience: z.enum(['either', 'host', 'tokenEndpoint']).exactOptional(),
  samlRecipient: z.enum(['required', 'optional']).exactOptional(),
  samlReplay: z.enum(['refused', 'allowed']).exactOptional(),
  identityProvider: z.strictObject(identityProvider).nullable().exactOptional(),
  logoutUrl: rule.webUrl.nullable().exactOptional(),
} satisfies Record<keyof OrgFields, z.ZodType>

const org = {
  ...orgFields,
  name: rule.filled,
  id: rule.recordId('00D').exactOptional(),
  kind: z.enum(['production', 'sandbox']).exactOptional(),
  myDomain: rule.myDomain.exactOptional(),
  sites: z.array(z.strictObject(site)).exactOptional(),
  users: z.array(z.strictObject(user)).min(1),
  records: z.record(z.string(), z.array(record)).exactOptional(),
} satisfies Record<keyof SeedOrg, z.ZodType>

const refreshTokenPolicy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('untilRevoked') }),
  z.strictObject({ kind: z.literal('immediately') }),
  z.strictObject({ kind: z.literal('idle'), afterMs: rule.duration(1, century) }),
  z.strictObject({ kind: z.literal('lifetime'), afterMs: rule.duration(1, century) }),
])

const flows = {
  webServer: flag.exactOptional(),
  refreshToken: flag.exactOptional(),
  userAgent: flag.exactOptional(),
  hybrid: flag.exactOptional(),
  jwtBearer: flag.exactOptional(),
  clientCredentials: flag.exactOptional(),
  usernamePassword: flag.exactOptional(),
  device: flag.exactOptional(),
  samlBearer: flag.exactOptional(),
  tokenExchange: flag.exactOptional(),
  assetToken: flag.exactOptional(),
  codeCredentials: flag.exactOptional(),
  guest: flag.exactOptional(),
} satisfies Record<FlowName, z.ZodType>

const tokenExchangeHandler = {
  name: rule.filled,
  enabled: flag.exactOptional(),
  tokenTypes: z.array(z.enum(subjectTokenKinds)).min(1).exactOptional(),
  certificate: rule.certificate.exactOptional(),
  jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())) }).exactOptional(),
  issuer: z.string().exactOptional(),
  audience: z.string().exactOptional(),
  opaqueTokens: z.record(z.string(), z.record(z.string(), z.string())).exactOptional(),
  userClaim: rule.filled.exactOptional(),
  userField: z.enum(['username', 'email', 'id']).exactOptional(),
  canCreateUsers: flag.exactOptional(),
  profile: rule.filled.exactOptional(),
  errorMessage: z.string().exactOptional(),
} satisfies Record<keyof TokenExchangeHandler, z.ZodType>

const policies = {
  kind: z.enum(['externalClientApp', 'connectedApp']).exactOptional(),
  clientSecret: rule.clientSecret.exactOptional(),
  certificate: rule.certificate.nullable().exactOptional(),
  callbackUrls: z.array(rule.callbackUrl).min(1).exactOptional(),
  dangerouslyAllowAnyLoopbackCallback: flag.exactOptional(),
  scopes: z.array(rule.scope).min(1).exactOptional(),
  pkceRequired: flag.exactOptional(),
  secretRequired: flag.exactOptional(),
  secretRequiredForRefresh: flag.exactOptional(),
  refreshTokenRotation: flag.exactOptional(),
  refreshTokenPolicy: refreshTokenPolicy.exactOptional(),
  sessionTimeout: rule
    .duration(15 * minute, day)
    .nullable()
    .exactOptional(),
  jwtAccessTokens: flag.exactOptional(),
  jwtAccessTokenLifetime: rule.duration(minute, day).exactOptional(),
  idTokenLifetime: rule.duration(minute, 720 * minute).exactOptional(),
  idTokenAudiences: z.array(rule.filled).exactOptional(),
  idTokenStandardClaims: flag.exactOptional(),
  customAttributes: z.record(z.string(), z.string()).exactOptional(),
  permittedUsers: z.enum(['all', 'adminApproved']).exactOptional(),
  profiles: z.array(rule.filled).exactOptional(),
  permissionSets: z.array(rule.filled).exactOptional(),
  ipRanges: z.array(rule.addressRange).exactOptional(),
  distribution: z.enum(['local', 'packaged']).exactOptional(),
  flows: z.strictObject(flows).exactOptional(),
  runAs: rule.username.nullable().exactOptional(),
  devicePollInterval: rule.wholeSeconds(1000, minute).exactOptional(),
  tokenExchangeHandlers: z.array(z.strictObject(tokenExchangeHandler)).exactOptional(),
  secretRequiredForTokenExchange: flag.exactOptional(),
  assetTokenAudiences: z.array(rule.filled).exactOptional(),
  assetTokenLifetime: rule.wholeSeconds(1000, day).exactOptional(),
  codeCredentialsInBodyOnly: flag.exactOptional(),
  dpop: z.enum(['allowed', 'required']).exactOptional(),
  dpopNonce: flag.exactOptional(),
  initialAccessToken: rule.clientSecret.nullable().exactOptional(),
  singleLogoutUrl: rule.webUrl.nullable().exactOptional(),
  enabled: flag.exactOptional(),
  blocked: flag.exactOptional(),
  installed: flag.exactOptional(),
  introspectAllTokens: flag.exactOptional(),
} satisfies Record<keyof AppChanges, z.ZodType>

const app = {
  ...policies,
  label: rule.filled,
  org: z.string().exactOptional(),
  clientId: rule.clientId.exactOptional(),
} satisfies Record<keyof SeedApp, z.ZodType>

const root = {
  defaults: flag.exactOptional(),
  orgs: z.array(z.strictObject(org)).exactOptional(),
  apps: z.array(z.strictObject(app)).exactOptional(),
} satisfies Record<keyof Seed, z.ZodType>

export const seedSchema: z.ZodType<Seed> = z.strictObject(root)
export const appChangesSchema: z.ZodType<AppChanges> = z.strictObject(policies)
export const userChangesSchema: z.ZodType<Partial<UserFields>> = z.strictObject(userFields)
export const orgChangesSchema: z.ZodType<Partial<OrgFields>> = z.strictObject(orgFields)

/** The members an object may have, by the name of the array or member that holds it. */
export const knownMembers: Readonly<Record<string, readonly string[]>> = {
  orgs: Object.keys(org),
  users: Object.keys(user),
  sites: Object.keys(site),
  apps: Object.keys(app),
  flows: Object.keys(flows),
  headless: Object.keys(headless),
  identityProvider: Object.keys(identityProvider),
  tokenExchangeHandlers: Object.keys(tokenExchangeHandler),
  refreshTokenPolicy: ['kind', 'afterMs'],
  seed: Object.keys(root),
  app: Object.keys(policies),
  user: Object.keys(userFields),
  org: Object.keys(orgFields),
}
