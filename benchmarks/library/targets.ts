import type { Quartiles } from '../measuring/statistics.ts'
import type { Engine } from './engines.ts'
import { SUBTLE_VERIFY } from './floors.ts'
import { OPPONENT } from './libraries.ts'
import type { WorkloadName } from './workloads/all.ts'

/** What is to be reached in time. */
export interface TimeTarget {
  readonly workload: WorkloadName
  readonly atOnce: number
  readonly engine: Engine
  /** Whom the ratio is over: what they take, over what this library takes. */
  readonly over: string
  readonly target: number
}

/** By engine, with the one that every runtime has first. */
type ByEngine = readonly [web?: number, node?: number | undefined, sync?: number]

/** What is to be reached over oauth4webapi: how many times as fast. */
const SPEED_UPS: readonly (readonly [workload: WorkloadName, ...ByEngine])[] = [
  ['access token, bearer RS256', 1.15, 1.5, 2.5],
  ['access token, bearer ES256', 1.08, 1.2, 1.6],
  ['access token, bearer EdDSA', 1.05, 1.15, 1.4],
  ['access token, DPoP RS256 + ES256, key seen before', 2, 2.8, 4],
  ['access token, DPoP ES256, key seen before', 1.7, 2.2, 3],
  ['access token, DPoP EdDSA, key seen before', 1.35, 1.6, 2],
  ['access token, DPoP RS256 + ES256, key not seen', 1.05],
  ['access token, DPoP ES256, key not seen', 1.05],
  ['access token, DPoP EdDSA, key not seen', 1.05],
  ['CIBA token response, with signature', 1, undefined, 1.3],
  ['CIBA token response, without signature', 1.03],
  ['pending poll', 2.2, 2.2],
  ['private_key_jwt ES256', 1.2, undefined, 2.2],
  ['private_key_jwt EdDSA', 1.2, undefined, 2.2],
  ['DPoP proof ES256', 1.15, undefined, 2.5],
  ['PKCE challenge', 8, 30],
]

/** The same, with 64 at once. */
const SPEED_UPS_AT_ONCE: typeof SPEED_UPS = [
  ['access token, bearer RS256', 1, 1.05],
  ['access token, bearer ES256', 1, 1.05],
  ['access token, bearer EdDSA', 1, 1.05],
]

/** How many times what Web Cryptography takes to verify the signature a whole validation may take. */
const BOUNDS: readonly (readonly [workload: WorkloadName, bound: number])[] = [
  ['access token, bearer RS256', 1.4],
  ['access token, bearer ES256', 1.25],
  ['access token, bearer EdDSA', 1.15],
]

export const TIME_TARGETS: readonly TimeTarget[] = [
  ...SPEED_UPS.flatMap((row) => targetsOf(row, 1)),
  ...SPEED_UPS_AT_ONCE.flatMap((row) => targetsOf(row, 64)),
  ...BOUNDS.map(([workload, bound]): TimeTarget => {
    return { workload, atOnce: 1, engine: 'web', over: SUBTLE_VERIFY, target: 1 / bound }
  }),
]

function targetsOf([workload, ...byEngine]: (typeof SPEED_UPS)[number], atOnce: number): TimeTarget[] {
  const engines: readonly Engine[] = ['web', 'node', 'node sync']
  return engines.flatMap((engine, place) => {
    const target = byEngine[place]
    return target === undefined ? [] : [{ workload, atOnce, engine, over: OPPONENT, target }]
  })
}

/** What is to be reached beside time, as the inverse of ours over theirs. */
export const OTHER_TARGETS = {
  heap: 1 / 0.35,
  size: 1 / 1.1,
  import: 1,
} as const

/** A cell of the table of targets, and what was measured for it. */
export interface Reached {
  readonly name: string
  readonly engine: Engine
  readonly target: number
  /** Larger is better, everywhere. */
  readonly ratio: number
  readonly quartiles: readonly [low: number, high: number]
}

/** What quartiles have reached of a target. */
export function reached(name: string, engine: Engine, target: number, { low, median, high }: Quartiles): Reached {
  return { name, engine, target, ratio: median, quartiles: [low, high] }
}
