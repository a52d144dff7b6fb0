import type { Topic } from '../harness/topic.ts'
import { accessToken } from './access-token.ts'
import { authorizationCodeResponse } from './authorization-code-response.ts'
import { authorizationResponse, codeRequest } from './authorization-response.ts'
import { backchannelRequest } from './backchannel-request.ts'
import { backchannelResponse } from './backchannel-response.ts'
import { challenge } from './challenge.ts'
import { clientSecretJwt, privateKeyJwt } from './client-assertion.ts'
import { clientRequests } from './client-requests.ts'
import { clientSecret } from './client-secret.ts'
import { discoveryRequest } from './discovery-request.ts'
import { discoveryResponse } from './discovery-response.ts'
import { dpopNonceError } from './dpop-nonce-error.ts'
import { dpopProof } from './dpop.ts'
import { endpointResponses } from './endpoint-responses.ts'
import { expectedIssuer } from './expected-issuer.ts'
import { encryptedIdToken, idToken } from './id-token.ts'
import { jwksLifeCycle } from './jwks-life-cycle.ts'
import { keyPair } from './key-pair.ts'
import { registrationRequest } from './registration-request.ts'
import { requestObject } from './request-object.ts'
import { protectedResource, resourceMetadataRequest, resourceMetadataResponse } from './resources.ts'
import { signature } from './signature.ts'
import { signedIntrospection } from './signed-introspection.ts'
import { hybridResponse, jwtAuthorizationResponse } from './signed-authorization-response.ts'
import {
  codeChallenge,
  contentType,
  endpointResolution,
  formPost,
  protocol,
  randomValues,
  validatedClaims,
} from './small-functions.ts'
import { tokenRequest } from './token-request.ts'
import { tokenResponse } from './token-response.ts'
import { userInfoRequest } from './user-info-request.ts'
import { signedUserInfo, userInfoResponse } from './user-info-response.ts'

/** Every family of cases. */
export const topics: readonly Topic[] = [
  backchannelRequest,
  backchannelResponse,
  challenge,
  privateKeyJwt,
  clientSecretJwt,
  clientSecret,
  discoveryRequest,
  discoveryResponse,
  dpopNonceError,
  dpopProof,
  idToken,
  encryptedIdToken,
  jwksLifeCycle,
  keyPair,
  signature,
  codeChallenge,
  randomValues,
  protocol,
  contentType,
  endpointResolution,
  formPost,
  validatedClaims,
  tokenRequest,
  tokenResponse,
  userInfoRequest,
  userInfoResponse,
  signedUserInfo,
  authorizationResponse,
  codeRequest,
  authorizationCodeResponse,
  jwtAuthorizationResponse,
  hybridResponse,
  accessToken,
  registrationRequest,
  requestObject,
  protectedResource,
  resourceMetadataRequest,
  resourceMetadataResponse,
  ...clientRequests,
  ...endpointResponses,
  signedIntrospection,
  expectedIssuer,
]
