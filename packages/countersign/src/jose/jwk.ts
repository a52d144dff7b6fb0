/**
 * A JSON Web Key: public or private, of every kind that has a registered form.
 *
 * @see RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2; RFC 9964
 */
export type JWK = {
  /** Key type: `RSA`, `EC`, `OKP`, `AKP`, `oct`. */
  readonly kty?: string
  /** The one algorithm that the key is for. */
  readonly alg?: string
  /** The operations that the key is for. */
  readonly key_ops?: string[]
  /** The key may be exported (Web Cryptography). */
  readonly ext?: boolean
  /** `sig` or `enc`. */
  readonly use?: string
  /** X.509 certificate chain. */
  readonly x5c?: string[]
  /** SHA-1 of the certificate. */
  readonly x5t?: string
  /** SHA-256 of the certificate. */
  readonly 'x5t#S256'?: string
  /** URL of the certificate chain. This library never follows it. */
  readonly x5u?: string
  /** Key ID. */
  readonly kid?: string
  /** Curve of an `EC` or `OKP` key. */
  readonly crv?: string
  /** Private part of an `RSA`, `EC` or `OKP` key. */
  readonly d?: string
  /** `RSA`, private: exponent of the first factor. */
  readonly dp?: string
  /** `RSA`, private: exponent of the second factor. */
  readonly dq?: string
  /** `RSA`: public exponent. */
  readonly e?: string
  /** `oct`: the secret. */
  readonly k?: string
  /** `RSA`: modulus. */
  readonly n?: string
  /** `RSA`, private: first factor. */
  readonly p?: string
  /** `RSA`, private: second factor. */
  readonly q?: string
  /** `RSA`, private: coefficient. */
  readonly qi?: string
  /** `EC`: x coordinate; `OKP`: public key. */
  readonly x?: string
  /** `EC`: y coordinate. */
  readonly y?: string
  /** `AKP`: public key. */
  readonly pub?: string
  /** `AKP`: private key. */
  readonly priv?: string
  /** `RSA`, private: further factors. */
  readonly oth?: {
    /** The factor's exponent. */
    d?: string
    /** The factor. */
    r?: string
    /** The factor's coefficient. */
    t?: string
  }[]
}

/** A JSON Web Key Set (RFC 7517, section 5). */
export interface JWKS {
  /** The keys, in no particular order. */
  readonly keys: JWK[]
}
