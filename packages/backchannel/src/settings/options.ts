import type {
  allowInsecureRequests,
  AuthorizationServer,
  BackchannelAuthenticationParameters,
  Client,
  ClientAuth,
  CryptoKey,
  CryptoKeyPair,
  customFetch,
  CustomFetchOptions,
  HttpRequestOptions,
  jweDecrypt,
  JweDecryptFunction,
  JsonValue,
  PrivateKey,
  ProcessTokenResponseOptions,
} from 'countersign'
import type { Clock, OpenBackend } from '../backend/backend.ts'
import type { Telemetry } from '../events/telemetry.ts'
import type { EncryptionKeys } from '../sealing/key-ring.ts'
import type { DeliveryMode, Verification } from '../transaction/record.ts'

/** Which server: its metadata, or its issuer identifier to fetch them from. */
export type ServerOptions =
  | {
      /** Its metadata. */
      readonly as: AuthorizationServer
      /** Not beside `as`. */
      readonly issuer?: never
    }
  | {
      /** Not beside `issuer`. */
      readonly as?: never
      /** Its issuer identifier; the metadata are fetched by OpenID Connect Discovery. */
      readonly issuer: URL
      /** Seconds that fetched metadata are good for, more than 0. Default 3600. A failure is not kept. */
      readonly metadataLifetime?: number
    }

/** How a client and a server know each other, and how requests leave. */
export interface RelationshipOptions extends Pick<ProcessTokenResponseOptions, 'recognizedTokenTypes'> {
  /** Metadata of the client; `backchannel_token_delivery_mode` says how it learns outcomes, and is `poll` where absent. */
  readonly client: Client
  /** How the client proves who it is, such as `PrivateKeyJwt(key)` of `countersign`. */
  readonly clientAuthentication: ClientAuth
  /** Signs the authentication requests (CIBA Core 1.0, section 7.1.1), with the algorithm that the client registered. */
  readonly signingKey?: PrivateKey | CryptoKey
  /** Holds every transaction to FAPI-CIBA. */
  readonly profile?: 'fapi-ciba'
  /**
   * Binds the tokens to a key (RFC 9449). `per-transaction`: one is made for each, and stored sealed, so it is extractable.
   * A pair of keys: that one for all, and not stored: give the same one after a restart. Absent: no DPoP.
   */
  readonly DPoP?: CryptoKeyPair | 'per-transaction'
  /** Headers to send beside those of the requests themselves. */
  readonly headers?: HttpRequestOptions<string>['headers']
  /** Decrypts an encrypted ID Token; see `jweDecrypt` of `countersign`. */
  readonly [jweDecrypt]?: JweDecryptFunction
  /**
   * Sends every request: to the server's endpoints, and for its metadata and keys.
   *
   * @param url Where to.
   * @param options What with.
   */
  readonly [customFetch]?: (
    url: string,
    options: CustomFetchOptions<'GET' | 'POST', URLSearchParams | undefined>,
  ) => Promise<Response>
  /** Lets requests go to `http:` URLs. For tests: whoever is on the way reads and writes the tokens. */
  readonly [allowInsecureRequests]?: boolean
}

/** How fast, and how much at a time. */
export interface PaceOptions {
  /** Steps that run at the same time in this process at most, so requests to the server too; 1 or more. Default 32. */
  readonly concurrency?: number
  /** By which share of its interval a token request is later, at random, at most: from 0 to 1. Default 0.1. Never earlier. */
  readonly jitter?: number
  /** Requests in a row, of any transaction, that fail until the circuit opens; 1 or more. Default 5. */
  readonly circuitThreshold?: number
  /** Seconds that the circuit stays open first; doubles up to 60 while the server fails. Default 5. */
  readonly circuitPause?: number
  /** Seconds between two token requests in ping mode, which make up for a ping that was lost. Default 30. */
  readonly pingFallbackInterval?: number
  /** Seconds to wait for an answer, 30 or more (CIBA Core 1.0, section 10.1.1). Default 35. */
  readonly answerTimeout?: number
}

/** Options of {@link createBackchannel}. */
export type BackchannelOptions = ServerOptions &
  RelationshipOptions &
  PaceOptions & {
    /** Where transactions live and who runs them: `embedded({ path })`, or `redis(…)` for many machines. */
    readonly backend: OpenBackend
    /** Seals what is stored; see {@link EncryptionKeys}. */
    readonly encryptionKeys: EncryptionKeys
    /** Seconds that an outcome is kept until it is taken, and then its idempotency key, more than 0. Default 86400. */
    readonly retention?: number
    /**
     * Seconds that a transaction waits for a callback where its acknowledgement was lost and `requested_expiry` was not
     * given. Default 600.
     */
    readonly longestExpiry?: number
    /** Receives spans and metrics; see `@countersign/backchannel/opentelemetry`. */
    readonly telemetry?: Telemetry
    /** The time; tests have their own. */
    readonly clock?: Clock
    /** Gives numbers from 0 up to 1, for jitter. Default `Math.random`. */
    readonly random?: () => number
  }

/** What to authenticate, and how to find it again. */
export type StartOptions = StartedOnce &
  (
    | {
        /** CIBA, the default. */
        readonly grant?: 'ciba'
        /** Parameters of the authentication request; the `client_notification_token` is made, and not among them. */
        readonly parameters: BackchannelAuthenticationParameters
      }
    | {
        /** The device flow (RFC 8628). */
        readonly grant: 'device'
        /** Parameters of the device authorization request, such as `scope`. */
        readonly parameters: Readonly<Record<string, string>>
      }
  )

/** Options of every start. */
export interface StartedOnce {
  /**
   * Names what is to be authenticated, such as an order: 1 to 512 characters. A second start with the same key and the same
   * parameters begins nothing, and gives the first one, until that is deleted. It is stored as it is.
   */
  readonly idempotencyKey?: string
  /** Kept sealed, and given back with the outcome. Hints and messages are not kept otherwise. */
  readonly context?: JsonValue
}

/** A transaction that has begun. */
export interface Started {
  /** Its name here, random: for `wait`, `take` and `cancel`. The server's own name stays inside. */
  readonly id: string
  /** Whether this call began it; false where its idempotency key had begun it before. */
  readonly created: boolean
  /** Whether the server is known to have taken the request. If not, it is not sent again; see {@link Unacknowledged}. */
  readonly acknowledged: boolean
  /** How the outcome will be learned. */
  readonly mode: DeliveryMode
  /** Milliseconds since 1970 when the server stops waiting for the person; the latest that it can be where not acknowledged. */
  readonly expiresAt: number
  /** What to show the person, in the device flow. */
  readonly verification?: Verification
}
