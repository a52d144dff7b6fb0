import type { Match } from '../../measuring/contest.ts'
import type { Library } from '../libraries.ts'
import { authorizationResponse } from './authorization-response.ts'
import { bearer } from './bearer.ts'
import { pingCallback, pushCallback } from './callbacks.ts'
import { cibaResponse } from './ciba-response.ts'
import { clientAssertion } from './client-assertion.ts'
import { dpopBound } from './dpop-bound.ts'
import { dpopProof } from './dpop-proof.ts'
import { pendingPoll } from './pending-poll.ts'
import { pkceChallenge } from './pkce.ts'
import { pollLoop } from './poll-loop.ts'

/** Sets a job up: its keys take time, and its tokens are good for an hour, its proofs for minutes. */
type SetUp = (libraries: readonly Library[]) => Match | Promise<Match>

/** All that is measured in time, by its name. */
export const WORKLOADS = {
  'access token, bearer RS256': (libraries) => bearer(libraries, 'RS256'),
  'access token, bearer ES256': (libraries) => bearer(libraries, 'ES256'),
  'access token, bearer EdDSA': (libraries) => bearer(libraries, 'EdDSA'),
  'access token, DPoP RS256 + ES256, key seen before': (libraries) => dpopBound(libraries, 'RS256', 'ES256', 'seen'),
  'access token, DPoP ES256, key seen before': (libraries) => dpopBound(libraries, 'ES256', 'ES256', 'seen'),
  'access token, DPoP EdDSA, key seen before': (libraries) => dpopBound(libraries, 'EdDSA', 'EdDSA', 'seen'),
  'access token, DPoP RS256 + ES256, key not seen': (libraries) => dpopBound(libraries, 'RS256', 'ES256', 'new'),
  'access token, DPoP ES256, key not seen': (libraries) => dpopBound(libraries, 'ES256', 'ES256', 'new'),
  'access token, DPoP EdDSA, key not seen': (libraries) => dpopBound(libraries, 'EdDSA', 'EdDSA', 'new'),
  'CIBA token response, with signature': (libraries) => cibaResponse(libraries, 'verified'),
  'CIBA token response, without signature': (libraries) => cibaResponse(libraries, 'unverified'),
  'pending poll': pendingPoll,
  'private_key_jwt ES256': (libraries) => clientAssertion(libraries, 'ES256'),
  'private_key_jwt EdDSA': (libraries) => clientAssertion(libraries, 'EdDSA'),
  'DPoP proof ES256': dpopProof,
  'PKCE challenge': pkceChallenge,
  'authorization response': authorizationResponse,
  'callback, ping': pingCallback,
  'callback, push': pushCallback,
  'poll loop, 10 pending': pollLoop,
} satisfies Record<string, SetUp>

export type WorkloadName = keyof typeof WORKLOADS
