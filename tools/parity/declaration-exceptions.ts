/** A difference of declarations that is deliberate, and why nobody is hurt by it. */
export interface DeclarationException {
  readonly names: readonly string[]
  /** Findings of the comparison, for each of the names; one that is no longer found must be removed. */
  readonly findings: readonly string[]
  readonly reason: string
}

export const declarationExceptions: readonly DeclarationException[] = [
  {
    names: [
      'BackchannelAuthenticationRequestOptions',
      'Client',
      'ClientCredentialsGrantRequestOptions',
      'DeviceAuthorizationRequestOptions',
      'DiscoveryRequestOptions',
      'DynamicClientRegistrationRequestOptions',
      'HttpRequestOptions',
      'IntrospectionRequestOptions',
      'ProtectedResourceRequestOptions',
      'PushedAuthorizationRequestOptions',
      'RevocationRequestOptions',
      'TokenEndpointRequestOptions',
      'UserInfoRequestOptions',
      'ValidateJWTAccessTokenOptions',
      'ValidateSignatureOptions',
    ],
    findings: ['added [trace]'],
    reason: 'an option of ours alone, keyed by a symbol, receives every check as an event',
  },
  {
    names: ['Client', 'ValidateJWTAccessTokenOptions', 'ValidateSignatureOptions'],
    findings: ['added [maxBodySize]'],
    reason: 'an option of ours alone, keyed by a symbol, says how large the body of an answer may be',
  },
  {
    names: ['ValidateJWTAccessTokenOptions', 'ValidateSignatureOptions'],
    findings: ['added [syncCrypto]'],
    reason: 'an option of ours alone, keyed by a symbol, chooses how Node is asked to verify a signature',
  },
  {
    names: ['Client'],
    findings: [
      'added backchannel_token_delivery_mode',
      'added backchannel_client_notification_endpoint',
      'added backchannel_authentication_request_signing_alg',
      'added backchannel_user_code_parameter',
    ],
    reason: 'our CIBA functions read what there any member may be: optional, and of the type that its registration has',
  },
  {
    names: ['AuthorizationResponseError', 'OperationProcessingError', 'UnsupportedOperationError'],
    findings: ['added status'],
    reason: 'the evidence of a refusal names the status of the response',
  },
  {
    names: [
      'AuthorizationResponseError',
      'OperationProcessingError',
      'ResponseBodyError',
      'UnsupportedOperationError',
      'WWWAuthenticateChallengeError',
    ],
    findings: ['added rule', 'added spec', 'added expected', 'added actual', 'added endpoint', 'added contentType'],
    reason: 'errors carry evidence: the rule, its paragraph, what was expected and what came',
  },
  {
    names: ['OperationProcessingError', 'UnsupportedOperationError'],
    findings: ['value theirs-to-ours', 'type theirs-to-ours'],
    reason: 'a code is one of a closed union here and any string there, so that a switch over codes can be complete',
  },
  {
    names: ['processDiscoveryResponse', 'processResourceDiscoveryResponse'],
    findings: ['value theirs-to-ours'],
    reason:
      'our declarations say that _nodiscoverycheck may stand for the identifier; theirs take it without saying so',
  },
]

/** Everything that is excepted for one name. */
export function exceptedFindings(name: string): readonly string[] {
  return declarationExceptions.filter(({ names }) => names.includes(name)).flatMap(({ findings }) => findings)
}
