import type fc from 'fast-check'
import { member, membersOf, objectBody, optional } from './json.ts'

/** RFC 6749 §5.2: an error answer, and every way of spoiling one. */
export const errorBody: fc.Arbitrary<string> = objectBody(
  membersOf(
    member('error', '"invalid_request"', '"authorization_pending"', '"slow_down"', '"use_dpop_nonce"', '"a b"', '"ü"'),
    optional('error_description', '"a description"', '"ü"', '" "'),
    optional('error_uri', '"https://as.example/errors"', '"relative"'),
    optional('algs', '"ES256"', '"ES256 RS256"'),
    optional('scope', '"openid"'),
  ),
)
