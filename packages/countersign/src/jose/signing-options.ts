import type { SyncCryptoOptions } from '../engine/sync-crypto.ts'
import type { ModifyAssertionOptions } from './modify-assertion.ts'

/** Options of what signs a JWT: a client assertion, a DPoP proof, a request object. */
export interface SigningOptions extends ModifyAssertionOptions, SyncCryptoOptions {}
