/** What `npm run differential -- …` passes on to the test, and what `npm test` leaves out. */
export interface Settings {
  readonly cases: number
  readonly seed: number
  readonly path: string | undefined
  readonly topic: string | undefined
  /** Where to write the figures of the run. */
  readonly record: string | undefined
}

const SHORT_FORM = 2500

export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const seed = environment.COUNTERSIGN_DIFFERENTIAL_SEED
  return {
    cases: Number(environment.COUNTERSIGN_DIFFERENTIAL_CASES ?? SHORT_FORM),
    seed: seed === undefined ? Math.trunc(Math.random() * 0x7fffffff) : Number(seed),
    path: environment.COUNTERSIGN_DIFFERENTIAL_PATH,
    topic: environment.COUNTERSIGN_DIFFERENTIAL_TOPIC,
    record: environment.COUNTERSIGN_DIFFERENTIAL_RECORD,
  }
}

/** Each topic's share of the cases: every topic has at least one. */
export function share(cases: number, weight: number, total: number): number {
  return Math.max(1, Math.round((cases * weight) / total))
}
