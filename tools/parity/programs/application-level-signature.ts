import * as oauth from 'countersign'

/** The signature of an answer, with a cache of keys that the caller keeps. */
export async function validate(as: oauth.AuthorizationServer, response: Response): Promise<oauth.ExportedJWKSCache> {
  const cache: oauth.JWKSCacheInput = {}
  const withCache: oauth.JWKSCacheOptions = { [oauth.jwksCache]: cache }
  const options: oauth.ValidateSignatureOptions = { ...withCache, signal: AbortSignal.timeout(1000) }
  const nothing: void = await oauth.validateApplicationLevelSignature(as, response, options)
  await oauth.validateApplicationLevelSignature(as, response)
  return nothing ?? exported(cache)
}

function exported(cache: oauth.JWKSCacheInput): oauth.ExportedJWKSCache {
  const keys: oauth.JWKS = cache.jwks ?? { keys: [] }
  return { jwks: keys, uat: cache.uat ?? 0 }
}

export const key: oauth.JWK = {
  kty: 'EC',
  crv: 'P-256',
  alg: 'ES256' satisfies oauth.JWSAlgorithm,
  use: 'sig',
  kid: 'key of the server',
  key_ops: ['verify'],
  ext: true,
  x: 'x',
  y: 'y',
  x5c: ['certificate'],
  x5t: 'thumbprint',
  'x5t#S256': 'thumbprint',
  x5u: 'https://as.example/certificate',
}

export const keyOfEveryKind: oauth.JWK = {
  n: 'n',
  e: 'e',
  d: 'd',
  p: 'p',
  q: 'q',
  dp: 'dp',
  dq: 'dq',
  qi: 'qi',
  oth: [{ r: 'r', d: 'd', t: 't' }],
  k: 'k',
  pub: 'pub',
  priv: 'priv',
}

export const fromTheHost: JsonWebKey = key

export const algorithms: readonly oauth.JWSAlgorithm[] = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'] as const),
  ...(['Ed25519', 'EdDSA', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const),
]
