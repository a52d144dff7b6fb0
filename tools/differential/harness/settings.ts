/** What `npm run differential -- …` passes on to the test, and what `npm test` leaves out. */
export interface Settings {
  readonly cases: number
  readonly seed: number
  readonly path: string | undefined
  readonly topic: string | undefined
  /** Which of the library's engines is compared. */
  readonly engine: string
  /** Where to write the figures of the run. */
  readonly record: string | undefined
}

const SHORT_FORM = 2500

/**
 * The short form compares the same cases every time, so that a change is judged by what it changes; the long form draws
 * new ones each time, and finds what is left.
 */
const SHORT_FORM_SEED = 20261125

export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  return {
    cases: Number(environment.COUNTERSIGN_DIFFERENTIAL_CASES ?? SHORT_FORM),
    seed: Number(environment.COUNTERSIGN_DIFFERENTIAL_SEED ?? SHORT_FORM_SEED),
    path: environment.COUNTERSIGN_DIFFERENTIAL_PATH,
    topic: environment.COUNTERSIGN_DIFFERENTIAL_TOPIC,
    engine: environment.COUNTERSIGN_ENGINE ?? 'node',
    record: environment.COUNTERSIGN_DIFFERENTIAL_RECORD,
  }
}

/** The command of a run on an engine, without what else it is to do. */
export function commandFor(engine: string): string {
  return engine === 'node' ? 'npm run differential --' : `npm run differential -- --engine ${engine}`
}

/** Each topic's share of the cases: every topic has at least one. */
export function share(cases: number, weight: number, total: number): number {
  return Math.max(1, Math.round((cases * weight) / total))
}
