import { CIBA_CORE, RFC_6749, RFC_6750, RFC_7009, RFC_7591, RFC_9449 } from '../rules/specifications.ts'

/** What is known about a rule, or about a server's error code. */
export interface Entry {
  readonly document: string
  readonly section: string
  readonly sentence: string
  readonly remedy: string
}

/** The errors that an endpoint of the authorization server answers in its body. */
export const bodyErrors: Readonly<Record<string, Entry>> = {
  invalid_request: {
    document: RFC_6749,
    section: '5.2',
    sentence: 'The server cannot read the request: a parameter is missing, malformed or there twice.',
    remedy:
      'Compare the parameters with what the server documents. In CIBA it also means that the client asked too often ' +
      'or gave several hints: ask no more for the same `auth_req_id`.',
  },
  invalid_client: {
    document: RFC_6749,
    section: '5.2',
    sentence: 'The server does not believe that the client is who it says it is.',
    remedy:
      'See that `client_id`, the method of client authentication and the secret or key are those that are registered, ' +
      "and that this machine's clock is right.",
  },
  invalid_grant: {
    document: RFC_6749,
    section: '5.2',
    sentence: 'What was to be exchanged for tokens is unknown, spent, expired, or was issued to another client.',
    remedy:
      'Do not send it again. Start over: with the person, a new authentication; with a refresh token, a new sign-in.',
  },
  unauthorized_client: {
    document: RFC_6749,
    section: '5.2',
    sentence: 'The client is known, but may not ask in this way.',
    remedy:
      'Have the grant type registered for the client; for CIBA also the delivery mode, since a client registered for ' +
      'push gets its tokens pushed and may not ask for them.',
  },
  unsupported_grant_type: {
    document: RFC_6749,
    section: '5.2',
    sentence: 'The server does not have this grant type.',
    remedy: "Look at `grant_types_supported` of the server's metadata, and use one that is listed.",
  },
  invalid_scope: {
    document: RFC_6749,
    section: '5.2',
    sentence: 'The scope is unknown, malformed, or more than the client or the person can grant.',
    remedy: 'Ask for scope values that are registered for the client; for CIBA, with `openid` among them.',
  },

  authorization_pending: {
    document: CIBA_CORE,
    section: '11',
    sentence: 'The person has not answered yet.',
    remedy: 'This is no failure: wait for `interval` seconds, and ask again until the transaction expires.',
  },
  slow_down: {
    document: CIBA_CORE,
    section: '11',
    sentence: 'The person has not answered yet, and the client asks too often.',
    remedy: 'Wait for 5 seconds more between requests, from now on for the whole transaction, and go on asking.',
  },
  expired_token: {
    document: CIBA_CORE,
    section: '11',
    sentence: 'The person did not answer in time.',
    remedy: 'Stop asking. Start a new authentication, where the person still wants it.',
  },
  access_denied: {
    document: CIBA_CORE,
    section: '11',
    sentence: 'The person refused; or, where it answers the first request, the server refuses this kind of request.',
    remedy: 'Stop asking, and tell the person. Do not start anew by yourself.',
  },
  transaction_failed: {
    document: CIBA_CORE,
    section: '12',
    sentence: 'The server could not finish the transaction, for a reason of its own.',
    remedy: 'Start a new authentication; where that fails again, ask the operator of the server.',
  },

  expired_login_hint_token: {
    document: CIBA_CORE,
    section: '13',
    sentence: 'The `login_hint_token` has expired.',
    remedy: 'Get a new one from where it came from, and start again.',
  },
  unknown_user_id: {
    document: CIBA_CORE,
    section: '13',
    sentence: 'The server does not find the person by the hint.',
    remedy: 'Ask the person for their name at this server again, or try another kind of hint.',
  },
  missing_user_code: {
    document: CIBA_CORE,
    section: '13',
    sentence: 'The server wants the code that the person has agreed with it.',
    remedy: 'Ask the person for it, send it as `user_code`, and do not store it.',
  },
  invalid_user_code: {
    document: CIBA_CORE,
    section: '13',
    sentence: 'The `user_code` is not the one that the person has agreed with the server.',
    remedy: 'Ask the person for it again, and limit how often.',
  },
  invalid_binding_message: {
    document: CIBA_CORE,
    section: '13',
    sentence: 'The server does not show this `binding_message`.',
    remedy: 'Make it shorter, of letters and digits only, such as `W4-K7`.',
  },

  invalid_target: {
    document: 'RFC 8707',
    section: '2',
    sentence: 'The server does not issue tokens for the `resource` or the `audience` that was asked for.',
    remedy: 'Compare it with the resources that the server documents, or that are registered for the client.',
  },
  unsupported_token_type: {
    document: RFC_7009,
    section: '2.2.1',
    sentence: 'The server does not revoke this type of token.',
    remedy: 'Revoke the refresh token instead; an access token that cannot be revoked is good until it expires.',
  },
  invalid_redirect_uri: {
    document: RFC_7591,
    section: '3.2.2',
    sentence: 'The server refuses one of the `redirect_uris` of the client that was to be registered.',
    remedy: 'Use `https:` URLs without a fragment, or what the server documents for applications of this kind.',
  },
  invalid_client_metadata: {
    document: RFC_7591,
    section: '3.2.2',
    sentence: 'The server refuses a member of the metadata of the client that was to be registered.',
    remedy: "Look at `error_description`, and compare the members with what the server's own metadata say it supports.",
  },
  invalid_software_statement: {
    document: RFC_7591,
    section: '3.2.2',
    sentence: 'The software statement is malformed, expired, or not signed by a key that the server knows.',
    remedy: 'Get a new one from where it came from.',
  },
  unapproved_software_statement: {
    document: RFC_7591,
    section: '3.2.2',
    sentence: 'The software statement is valid, and the server does not let such software register.',
    remedy: 'Ask the operator of the server to approve it.',
  },

  use_dpop_nonce: {
    document: RFC_9449,
    section: '8',
    sentence: 'The server wants its nonce in the DPoP proof, and the proof had none or an earlier one.',
    remedy: 'This is no failure: the DPoP handle has learned the nonce; send the same request again, once.',
  },
  invalid_dpop_proof: {
    document: RFC_9449,
    section: '5',
    sentence: 'The server refuses the DPoP proof.',
    remedy:
      "See that this machine's clock is right, that the algorithm is one of the server's " +
      '`dpop_signing_alg_values_supported`, and that no proxy changes the URL which the server sees.',
  },
}

/** The errors in a challenge that mean something else than in a body, or come in challenges only. */
export const challengeErrors: Readonly<Record<string, Entry>> = {
  invalid_request: {
    document: RFC_6750,
    section: '3.1',
    sentence: 'The resource cannot read the request: a parameter is missing, malformed or there twice.',
    remedy: 'Send the access token in one way only, and compare the parameters with what the resource documents.',
  },
  invalid_token: {
    document: RFC_6750,
    section: '3.1',
    sentence: 'The access token is missing, expired, revoked, malformed, or bound to another key.',
    remedy:
      'Get a new access token, by the refresh token where there is one, and send the request again, once. A token that ' +
      'is bound to a key goes with the DPoP handle that it was asked for with. Where every token is refused, see ' +
      'that no proxy drops the `Authorization` header.',
  },
  insufficient_scope: {
    document: RFC_6750,
    section: '3.1',
    sentence: 'The access token does not reach as far as this request.',
    remedy: "Ask for a token with the challenge's `scope`; sending this one again changes nothing.",
  },
}
