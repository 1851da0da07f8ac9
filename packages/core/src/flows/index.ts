export { authorizationCode } from './authorization-code.ts'
export type { AuthorizationCodeGrant, AuthorizationCodeOptions } from './authorization-code.ts'
export { refreshToken } from './refresh-token.ts'
export type { RefreshTokenOptions } from './refresh-token.ts'
