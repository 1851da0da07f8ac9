import * as assetToken from './asset-token.ts'
import * as authorizationCode from './authorization-code.ts'
import * as clientCredentials from './client-credentials.ts'
import * as device from './device.ts'
import type { Grant } from './grant.ts'
import * as hybridAuthCode from './hybrid-auth-code.ts'
import * as hybridRefresh from './hybrid-refresh.ts'
import * as hybridTokenExchange from './hybrid-token-exchange.ts'
import * as jwtBearer from './jwt-bearer.ts'
import * as refreshToken from './refresh-token.ts'
import * as samlAssertion from './saml-assertion.ts'
import * as samlBearer from './saml-bearer.ts'
import * as tokenExchange from './token-exchange.ts'
import * as usernamePassword from './username-password.ts'

export const grants: readonly Grant[] = [
  authorizationCode,
  refreshToken,
  jwtBearer,
  clientCredentials,
  usernamePassword,
  device,
  hybridAuthCode,
  hybridRefresh,
  samlBearer,
  samlAssertion,
  assetToken,
  tokenExchange,
  hybridTokenExchange,
]
