/** The low-level API: what oauth4webapi exports under the same names, and what this library has beside it. */

export * from './errors/codes.ts'
export type { Evidence, SpecReference } from './errors/evidence.ts'
export { OperationProcessingError } from './errors/operation-processing-error.ts'
export { type OAuth2Error, ResponseBodyError } from './errors/response-body-error.ts'
export { UnsupportedOperationError } from './errors/unsupported-operation-error.ts'
export {
  type WWWAuthenticateChallenge,
  WWWAuthenticateChallengeError,
  type WWWAuthenticateChallengeParameters,
} from './errors/www-authenticate-challenge-error.ts'

export type { CryptoKey, CryptoKeyPair } from './engine/crypto-key.ts'

export type { JsonArray, JsonObject, JsonPrimitive, JsonValue } from './values/json.ts'

export { type CheckEvent, type Trace, trace, type TraceOptions } from './rules/trace.ts'

export type { AuthorizationServer, MTLSEndpointAliases } from './metadata/authorization-server.ts'
export type { Client } from './metadata/client.ts'
export { clockSkew, clockTolerance } from './metadata/clock.ts'
export { checkProtocol, resolveEndpoint } from './metadata/endpoint.ts'

export type { JWSAlgorithm } from './jose/algorithms.ts'
export type { PrivateKey } from './jose/private-key.ts'
export { generateKeyPair, type GenerateKeyPairOptions } from './jose/generate-key-pair.ts'
export { jweDecrypt, type JweDecryptFunction, type JWEDecryptOptions } from './jose/jwe-decrypt.ts'
export type { JWK, JWKS } from './jose/jwk.ts'
export { modifyAssertion, type ModifyAssertionFunction, type ModifyAssertionOptions } from './jose/modify-assertion.ts'

export { allowInsecureRequests, customFetch, type CustomFetchOptions, type HttpRequestOptions } from './http/options.ts'

export { type ExportedJWKSCache, jwksCache, type JWKSCacheInput, type JWKSCacheOptions } from './jwks/options.ts'
export type { ValidateSignatureOptions } from './jwks/verify.ts'

export { DPoP } from './dpop/dpop.ts'
export type { DPoPHandle, DPoPRequestOptions } from './dpop/handle.ts'
export { isDPoPNonceError } from './dpop/nonce-error.ts'

export type { ClientAuth } from './client-authentication/client-auth.ts'
export { ClientSecretBasic } from './client-authentication/client-secret-basic.ts'
export { ClientSecretJwt } from './client-authentication/client-secret-jwt.ts'
export { ClientSecretPost } from './client-authentication/client-secret-post.ts'
export { None } from './client-authentication/none.ts'
export { PrivateKeyJwt } from './client-authentication/private-key-jwt.ts'
export { TlsClientAuth } from './client-authentication/tls-client-auth.ts'

export { validateApplicationLevelSignature } from './exchange/application-level-signature.ts'

export type { ConfirmationClaims, IDToken } from './tokens/claims.ts'
export type { AuthorizationDetails, TokenEndpointResponse } from './tokens/token-endpoint-response.ts'
export type { ProcessTokenResponseOptions, RecognizedTokenTypes } from './tokens/token-response.ts'
export { getValidatedIdTokenClaims } from './tokens/validated-claims.ts'

export {
  backchannelAuthenticationRequest,
  type BackchannelAuthenticationRequestOptions,
  type BackchannelAuthenticationResponse,
  processBackchannelAuthenticationResponse,
} from './endpoints/backchannel-authentication.ts'
export { discoveryRequest, type DiscoveryRequestOptions, processDiscoveryResponse } from './endpoints/discovery.ts'
export {
  processUserInfoResponse,
  skipSubjectCheck,
  type UserInfoAddress,
  userInfoRequest,
  type UserInfoRequestOptions,
  type UserInfoResponse,
} from './endpoints/userinfo.ts'

export { generateRandomNonce } from './authorization/nonce.ts'
export { calculatePKCECodeChallenge, generateRandomCodeVerifier } from './authorization/pkce.ts'
export { generateRandomState } from './authorization/state.ts'

export { backchannelAuthenticationGrantRequest, processBackchannelAuthenticationGrantResponse } from './grants/ciba.ts'
export type { TokenEndpointRequestOptions } from './grants/token-request.ts'
