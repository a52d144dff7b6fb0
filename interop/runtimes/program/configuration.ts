// What the test tells the program, and what the program tells the test: JSON both ways.

/** What the program does, one at a time. */
export type Flow = 'ciba' | 'authorization-code' | 'device' | 'client-credentials' | 'registration' | 'signature'

export interface Configuration {
  readonly flow: Flow
  readonly issuer: string
  /** Where the person is told of what waits for them; see ../person.ts. */
  readonly person: string
  readonly redirectUri: string
  /** The resource server whose access tokens are JWTs. */
  readonly resource: string
  readonly clientId: string
  /** The client's private key for private_key_jwt; its public half is registered at the provider. */
  readonly clientKey: JsonWebKey & { readonly kid: string }
  readonly clientKeyAlgorithm: { readonly name: string; readonly hash?: string; readonly namedCurve?: string }
  /** What the provider signs with for this client; in the flow `signature`, what the program makes a key for. */
  readonly algorithm: string
  /** Request, response and UserInfo are JWTs: JAR, JARM and signed UserInfo. */
  readonly signed: boolean
  /** What the person answers. */
  readonly decision: 'approve' | 'deny'
}

export interface Refused {
  readonly error: { readonly name: string; readonly code: string; readonly oauthError?: string }
}

/** What the flow came to: a JSON object of its own kind, or the error that ended it. */
export type Outcome = object | Refused
