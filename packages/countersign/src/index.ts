/**
 * The low-level API: what oauth4webapi exports under the same names, and what this library has beside it. Each exchange is
 * a pair of functions: one sends the request and gives back the `Response`, the other validates it. Only {@link poll}
 * repeats a request, and nothing stores.
 *
 * @module countersign
 */

export * from './errors/codes.ts'
export type { Evidence, SpecReference } from './errors/evidence.ts'
export { AuthorizationResponseError } from './errors/authorization-response-error.ts'
export { OperationProcessingError } from './errors/operation-processing-error.ts'
export { type OAuth2Error, ResponseBodyError } from './errors/response-body-error.ts'
export { UnsupportedOperationError } from './errors/unsupported-operation-error.ts'
export {
  type WWWAuthenticateChallenge,
  WWWAuthenticateChallengeError,
  type WWWAuthenticateChallengeParameters,
} from './errors/www-authenticate-challenge-error.ts'

export type { CryptoKey, CryptoKeyPair } from './engine/crypto-key.ts'
export { syncCrypto, type SyncCryptoOptions } from './engine/sync-crypto.ts'

export type { JsonArray, JsonObject, JsonPrimitive, JsonValue } from './values/json.ts'

export { type CheckEvent, type Trace, trace, type TraceOptions } from './rules/trace.ts'

export type { AuthorizationServer, MTLSEndpointAliases } from './metadata/authorization-server.ts'
export type { Client } from './metadata/client.ts'
export type { ResourceServer } from './metadata/resource-server.ts'
export { type BodySizeOptions, maxBodySize } from './metadata/body-size.ts'
export { clockSkew, clockTolerance } from './metadata/clock.ts'
export { checkProtocol, resolveEndpoint } from './metadata/endpoint.ts'

export type { JWSAlgorithm } from './jose/algorithms.ts'
export type { PrivateKey } from './jose/private-key.ts'
export { generateKeyPair, type GenerateKeyPairOptions } from './jose/generate-key-pair.ts'
export { _expectedIssuer } from './jose/issuer.ts'
export { jweDecrypt, type JweDecryptFunction, type JWEDecryptOptions } from './jose/jwe-decrypt.ts'
export type { JWK, JWKS } from './jose/jwk.ts'
export { modifyAssertion, type ModifyAssertionFunction, type ModifyAssertionOptions } from './jose/modify-assertion.ts'
export type { SigningOptions } from './jose/signing-options.ts'

export { getContentType } from './http/content-type.ts'
export { allowInsecureRequests, customFetch, type CustomFetchOptions, type HttpRequestOptions } from './http/options.ts'

export {
  type ExportedJWKSCache,
  jwksCache,
  type JWKSCacheInput,
  type JWKSCacheOptions,
  type ValidateSignatureOptions,
} from './jwks/options.ts'

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
export {
  protectedResourceRequest,
  type ProtectedResourceRequestBody,
  type ProtectedResourceRequestOptions,
} from './exchange/protected-resource.ts'

export type { ConfirmationClaims, IDToken } from './tokens/claims.ts'
export { expectNoNonce, skipAuthTimeCheck } from './tokens/requested-claims.ts'
export type { AuthorizationDetails, TokenEndpointResponse } from './tokens/token-endpoint-response.ts'
export type { ProcessTokenResponseOptions, RecognizedTokenTypes } from './tokens/token-response.ts'
export { getValidatedIdTokenClaims } from './tokens/validated-claims.ts'

export {
  backchannelAuthenticationRequest,
  type BackchannelAuthenticationRequestOptions,
  type BackchannelAuthenticationResponse,
  processBackchannelAuthenticationResponse,
} from './endpoints/backchannel-authentication.ts'
export {
  deviceAuthorizationRequest,
  type DeviceAuthorizationRequestOptions,
  type DeviceAuthorizationResponse,
  processDeviceAuthorizationResponse,
} from './endpoints/device-authorization.ts'
export { discoveryRequest, type DiscoveryRequestOptions, processDiscoveryResponse } from './endpoints/discovery.ts'
export {
  introspectionRequest,
  type IntrospectionRequestOptions,
  type IntrospectionResponse,
  processIntrospectionResponse,
} from './endpoints/introspection.ts'
export { _nodiscoverycheck } from './endpoints/metadata-document.ts'
export {
  dynamicClientRegistrationRequest,
  type DynamicClientRegistrationRequestOptions,
  type OmitSymbolProperties,
  processDynamicClientRegistrationResponse,
} from './endpoints/registration.ts'
export { processResourceDiscoveryResponse, resourceDiscoveryRequest } from './endpoints/resource-metadata.ts'
export { processRevocationResponse, revocationRequest, type RevocationRequestOptions } from './endpoints/revocation.ts'
export {
  processUserInfoResponse,
  skipSubjectCheck,
  type UserInfoAddress,
  userInfoRequest,
  type UserInfoRequestOptions,
  type UserInfoResponse,
} from './endpoints/userinfo.ts'

export { formPostResponse } from './authorization/form-post.ts'
export { validateCodeIdTokenResponse, validateDetachedSignatureResponse } from './authorization/hybrid.ts'
export { validateJwtAuthResponse } from './authorization/jarm.ts'
export { generateRandomNonce } from './authorization/nonce.ts'
export { calculatePKCECodeChallenge, generateRandomCodeVerifier } from './authorization/pkce.ts'
export {
  processPushedAuthorizationResponse,
  pushedAuthorizationRequest,
  type PushedAuthorizationRequestOptions,
  type PushedAuthorizationResponse,
} from './authorization/pushed-request.ts'
export { issueRequestObject } from './authorization/request-object.ts'
export { expectNoState, skipStateCheck, validateAuthResponse } from './authorization/response.ts'
export { generateRandomState } from './authorization/state.ts'

export {
  _nopkce,
  authorizationCodeGrantRequest,
  nopkce,
  processAuthorizationCodeResponse,
  type ProcessAuthorizationCodeResponseOptions,
} from './grants/authorization-code.ts'
export { backchannelAuthenticationGrantRequest, processBackchannelAuthenticationGrantResponse } from './grants/ciba.ts'
export {
  clientCredentialsGrantRequest,
  type ClientCredentialsGrantRequestOptions,
  processClientCredentialsResponse,
} from './grants/client-credentials.ts'
export { deviceCodeGrantRequest, processDeviceCodeResponse } from './grants/device-code.ts'
export { genericTokenEndpointRequest, processGenericTokenEndpointResponse } from './grants/generic.ts'
export { processRefreshTokenResponse, refreshTokenGrantRequest } from './grants/refresh-token.ts'
export type { TokenEndpointRequestOptions } from './grants/token-request.ts'

export type { Clock } from './polling/clock.ts'
export type { PollOnceOptions, PollOptions } from './polling/options.ts'
export type { IntervalFrom } from './polling/pacing.ts'
export { poll, type PollOutcome } from './polling/poll.ts'
export { pollOnce } from './polling/poll-once.ts'
export type { PollDone, PollPending, PollResult, PollSlower } from './polling/result.ts'
export {
  cibaTransaction,
  type CibaTransaction,
  type CibaTransactionOptions,
  deviceTransaction,
  type DeviceTransaction,
  pingedTransaction,
  type PollingTransaction,
  type Schedule,
  type TransactionOptions,
  unansweredTransaction,
} from './polling/transaction.ts'

export type { CallbackOptions, FindTransaction } from './callbacks/callback.ts'
export { type CallbackExpectation, hashClientNotificationToken } from './callbacks/notification-token.ts'
export { type PingCallback, validatePingCallback, type ValidatePingCallbackOptions } from './callbacks/ping.ts'
export {
  type ApprovedPushCallback,
  type PushCallback,
  type RefusedPushCallback,
  validatePushCallback,
  type ValidatePushCallbackOptions,
} from './callbacks/push.ts'
export { callbackResponse } from './callbacks/response.ts'

export {
  checkBackchannelAuthenticationParameters,
  type CheckBackchannelAuthenticationParametersOptions,
} from './backchannel-request/check-parameters.ts'
export {
  initiateBackchannelAuthentication,
  type InitiateBackchannelAuthenticationOptions,
  type InitiatedBackchannelAuthentication,
} from './backchannel-request/initiate.ts'
export { generateClientNotificationToken } from './backchannel-request/notification-token.ts'
export type {
  BackchannelAuthenticationParameters,
  BackchannelAuthenticationParametersInit,
} from './backchannel-request/parameters.ts'
export {
  issueBackchannelAuthenticationRequestObject,
  type IssueBackchannelAuthenticationRequestObjectOptions,
} from './backchannel-request/request-object.ts'

export {
  type JWTAccessTokenClaims,
  validateJwtAccessToken,
  type ValidateJWTAccessTokenOptions,
} from './resource-server/access-token.ts'
