import { TokenError } from '../../errors/errors.ts'

/** For something that is no access token of Salesforce, or of a kind that is not taken here. */
export function notAToken(): TokenError {
  return new TokenError('token/access-token-invalid', 'This is no Salesforce access token.', {
    hint: 'Send the access_token that Salesforce answered: no ID token, refresh token or session cookie.',
  })
}

export function opaqueNotTaken(): TokenError {
  return new TokenError('token/access-token-invalid', 'The access token is opaque, and this app takes JWTs only.', {
    hint: 'Turn on JWT-based access tokens for the calling app in Setup, or configure bearer.opaque here.',
  })
}

export function foreignApp(): TokenError {
  return new TokenError('token/access-token-audience', 'The access token was issued to an app that is not expected.', {
    hint: 'Add its Consumer Key to bearer.clientIds if that app may call you.',
  })
}

export function orgNotAllowed(): TokenError {
  return new TokenError('token/access-token-org', 'The access token is of an org that may not come in here.', {
    hint: 'Add the org to allowedOrgs if it may.',
  })
}

/** A bound token without its proof may be a stolen one; proofs are not checked here. */
export function boundToken(): TokenError {
  return new TokenError(
    'token/access-token-bound',
    'The access token is bound to a key by DPoP, and this app does not check proofs.',
    { hint: 'Call it with an access token that is not bound, as Authorization: Bearer.' },
  )
}
